//! Cargo, started by a program that cargo may have started itself.

use std::env;
use std::process::Command;

/// What cargo sets for a program that it runs, about the package of that program.
const OF_THE_PACKAGE: [&str; 2] = ["CARGO_MANIFEST_", "CARGO_PKG_"];

/// The cargo that runs this program, or the one in `PATH`, with the environment that this program's cargo was started in.
///
/// Some build scripts run again when a variable such as `CARGO_PKG_VERSION` changes. With the variables of this package,
/// they would run once for the commands of this program and once more for the same commands typed by hand, and what
/// depends on them would be compiled anew each time.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let is_of_the_package = |it: &str| OF_THE_PACKAGE.iter().any(|prefix| it.starts_with(prefix));
        if name.to_str().is_some_and(is_of_the_package) {
            command.env_remove(name);
        }
    }
    command
}
