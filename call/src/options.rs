//! What the caller asks for.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// A call as it is written on the command line.
pub struct Asked<'a> {
    /// `resource.operation`; without it, the operations are listed.
    pub operation: Option<&'a str>,
    /// `name=value`, `name:=JSON`, `@file.json`.
    pub words: &'a [String],
    /// Explain the operation instead of calling it.
    pub help: bool,
    /// The flags.
    pub options: Options,
    /// Looks up an environment variable.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// What runs this: `cargo xtask`, for the commands in messages.
    pub program: &'a str,
}

/// How a call is sent, and what is shown of it.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Replaces the URL of the spec.
    pub base_url: Option<String>,
    /// Allows `http://` to other machines.
    pub allow_insecure: bool,
    /// Sends a request that breaks a rule too.
    pub no_check: bool,
    /// Prints a `curl` command and sends nothing.
    pub dry_run: bool,
    /// Calls a mock server with credentials that are made up.
    pub mock: Option<Mock>,
    /// Shows the status and the headers of the answer.
    pub include: bool,
    /// Shows the request as a `curl` command, and the status and the headers of the answer.
    pub verbose: bool,
    /// Where the answer is written.
    pub output: Option<PathBuf>,
    /// Prints the id of a task instead of waiting for it.
    pub no_wait: bool,
    /// Waits for this task, which was started before.
    pub task: Option<String>,
    /// Asks for a stream.
    pub stream: bool,
    /// Prints the events of a stream, and the states of a task, as JSON.
    pub json: bool,
    /// Follows the pages of a list.
    pub pages: Option<Pages>,
    /// Limit of one attempt.
    pub timeout: Option<Duration>,
    /// How long a task is waited for.
    pub deadline: Option<Duration>,
    /// How often a request is sent again that failed for a passing reason.
    pub retries: Option<u32>,
    /// The credential's other way to be sent, by its name in the spec.
    pub scheme: Option<String>,
}

/// The mock server that a call goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mock {
    /// It is started in this process, and serves the specs of this folder.
    Start(PathBuf),
    /// It runs already: its URLs, by the names of the API's servers.
    Running(Vec<(String, String)>),
}

/// How many pages of a list are requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// At most so many.
    Most(usize),
    /// Up to the last.
    All,
}

impl fmt::Debug for Asked<'_> {
    /// Without the arguments, which may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked").field("operation", &self.operation).finish_non_exhaustive()
    }
}

impl std::str::FromStr for Pages {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse::<usize>() {
            _ if text == "all" => Ok(Self::All),
            Ok(most) if most > 0 => Ok(Self::Most(most)),
            _ => Err("a number from 1 on, or `all`, is expected".to_owned()),
        }
    }
}
