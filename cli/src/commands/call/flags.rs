//! The flags of `call`. They are known without the client, so that `--help` compiles nothing.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, ValueHint, value_parser};

use crate::cli::{format, switch};

/// The command with all of its flags; `--project` is one of every command.
pub(crate) fn command() -> Command {
    let url = Arg::new("base-url").long("base-url").value_name("URL").value_hint(ValueHint::Url);
    let output = Arg::new("output").short('o').long("output").value_name("FILE").value_parser(value_parser!(PathBuf));
    Command::new("call")
        .about("Call an operation of an API, from its spec alone")
        .override_usage(format!(
            "{tool} call API [OPERATION] [--help]\n       \
             {tool} call API OPERATION [name=value | name:=JSON | name=@FILE | @FILE.json]… [FLAGS]",
            tool = crate::tool()
        ))
        .after_help(
            "Arguments:\n\
             \x20 name=text            by the type of the spec; a list by repeating it, or as JSON\n\
             \x20 name:=JSON           raw JSON, such as null, or a text that looks like a number\n\
             \x20 name=@FILE           a file to upload (with `;type=image/png` if the name does not say it), or its base64\n\
             \x20 name=<FILE           the text of a file, without the last line end\n\
             \x20 object.field=x, list[0].field=x, list[]=x\n\
             \x20 @FILE.json, @-       a whole body, from a file or standard input; other arguments change it\n\
             \n\
             Credentials come from the environment variables that `call API OPERATION --help` names, and are never shown.\n\
             Exit codes: 0 success, 1 a broken rule or an error of the server, 2 wrong usage or broken environment.",
        )
        .disable_help_flag(true)
        .arg(Arg::new("api").value_name("API").help("The API, as its folder is named"))
        .arg(Arg::new("operation").value_name("OPERATION").help("Such as `images.generate`; without it, all are listed"))
        .arg(Arg::new("words").value_name("ARGUMENT").action(ArgAction::Append).num_args(0..).help("See below"))
        .arg(switch("help", "List the parameters of the operation, or these flags").short('h'))
        .arg(switch("dry-run", "Print the request as a `curl` command, and send nothing"))
        .arg(switch("mock", "Call a mock server in this process; no key and no network is needed").conflicts_with_all(["dry-run", "base-url"]))
        .arg(switch("no-check", "Send a request that breaks a rule too").alias("force"))
        .arg(output.help("Write the answer to this file; `-` is standard output").value_hint(ValueHint::FilePath))
        .arg(switch("include", "Show the status and the headers of the answer on standard error").short('i'))
        .arg(switch("verbose", "Show the request as well, as a `curl` command").short('v'))
        .arg(switch("no-wait", "Print the id of a task instead of waiting for it"))
        .arg(
            Arg::new("task")
                .long("task")
                .value_name("ID")
                .conflicts_with_all(["dry-run", "no-wait", "words"])
                .help("Wait for a task that was started before"),
        )
        .arg(switch("stream", "Ask for a stream"))
        .arg(
            Arg::new("pages")
                .long("pages")
                .value_name("N|all")
                .value_parser(pages)
                .help("Follow the pages of a list; each is printed as it arrives"),
        )
        .arg(format().help("`json`: print the events of a stream, and the states of a task, as lines of JSON"))
        .arg(url.help("Call this server instead of that of the spec"))
        .arg(switch("allow-insecure", "Allow `http://` to other machines"))
        .arg(Arg::new("scheme").long("scheme").value_name("NAME").help("Send the credential in this way of the spec"))
        .arg(seconds("timeout").help("Limit of one attempt, in seconds (default: 120)"))
        .arg(seconds("deadline").help("How long a task is waited for, in seconds (default: of the spec)"))
        .arg(
            Arg::new("retries")
                .long("retries")
                .value_name("N")
                .value_parser(value_parser!(u32))
                .help("How often a request is sent again that failed for a passing reason (default: 2)"),
        )
        .arg(Arg::new("complete").long("complete").value_name("WORD").hide(true))
}

fn seconds(name: &'static str) -> Arg {
    Arg::new(name).long(name).value_name("SECONDS").value_parser(value_parser!(u64).range(1..))
}

/// `all`, or a number from 1 on: 0 stands for all.
fn pages(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        _ if text == "all" => Ok(0),
        Ok(most) if most > 0 => Ok(most),
        _ => Err("a number from 1 on, or `all`, is expected".to_owned()),
    }
}
