//! `cargo xtask`: the commands of [`specwright_cli`], in this repository, and one that only this repository has.

use specwright_cli::HostCommand;

/// The measurements need the generated crates, and the tests' requests.
const BENCH: HostCommand = HostCommand {
    name: "bench",
    about: "Measure the generated crates, the compiler and the contract server",
    package: "specwright-bench",
};

fn main() -> std::process::ExitCode {
    specwright_cli::main_with(&[BENCH])
}
