//! `cargo xtask`: the commands of [`specwright_cli`], in this repository.

fn main() -> std::process::ExitCode {
    specwright_cli::main()
}
