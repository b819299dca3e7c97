//! `specwright`: the commands of [`specwright_cli`] as a program to install.

fn main() -> std::process::ExitCode {
    specwright_cli::main()
}
