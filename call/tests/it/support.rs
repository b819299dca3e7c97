//! Specs, and calls whose output is kept.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use specwright_call::{Asked, Console, Options, Outcome, run};
use specwright_codegen::model::Api;
use specwright_codegen::pipeline;

/// A secret that no output may show.
pub(crate) const KEY: &str = "sk-Mj7QpX2w9LrT";

/// The project of an API.
pub(crate) fn project(api: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = [here.join("tests/project"), here.join("../tests/project"), here.join("..")];
    all.into_iter().find(|it| it.join("spec").join(api).is_dir()).unwrap()
}

/// A compiled API, each once.
pub(crate) fn api(name: &str) -> &'static Api {
    static APIS: OnceLock<Mutex<BTreeMap<String, &'static Api>>> = OnceLock::new();
    let mut all = APIS.get_or_init(Mutex::default).lock().unwrap();
    all.entry(name.to_owned()).or_insert_with(|| {
        let compiled = pipeline::compile(&project(name), &[name.to_owned()]).unwrap().remove(0);
        let Ok(api) = compiled.into_api_without_errors() else { panic!("the spec of {name} has errors") };
        Box::leak(Box::new(api))
    })
}

/// What a call printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    /// 0, 1 or 2.
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) bytes: Vec<u8>,
}

/// A call that is yet to be made.
#[derive(Clone, Debug)]
pub(crate) struct Calling {
    api: String,
    operation: Option<String>,
    words: Vec<String>,
    help: bool,
    pub(crate) options: Options,
    environment: BTreeMap<String, String>,
    input: Vec<u8>,
    terminal: bool,
}

/// A call of an operation with these words.
pub(crate) fn call(api: &str, operation: &str, words: &[&str]) -> Calling {
    Calling {
        api: api.to_owned(),
        operation: Some(operation.to_owned()).filter(|it| !it.is_empty()),
        words: words.iter().map(|it| (*it).to_owned()).collect(),
        help: false,
        options: Options::default(),
        environment: BTreeMap::new(),
        input: Vec::new(),
        terminal: false,
    }
}

impl Calling {
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Of the shop, with its key, at this URL.
    pub(crate) fn at(self, url: &str) -> Self {
        self.env("SHOP_KEY", KEY).with(|it| it.base_url = Some(url.to_owned()))
    }

    /// Against a mock server of its own.
    pub(crate) fn mock(self) -> Self {
        let spec = project(&self.api).join("spec");
        self.with(|it| it.mock = Some(specwright_call::Mock::Start(spec)))
    }

    pub(crate) fn input(mut self, bytes: &[u8]) -> Self {
        self.input = bytes.to_vec();
        self
    }

    pub(crate) fn help(mut self) -> Self {
        self.help = true;
        self
    }

    pub(crate) fn on_a_terminal(mut self) -> Self {
        self.terminal = true;
        self
    }

    pub(crate) fn run(self) -> Ran {
        let api = api(&self.api);
        let look_up = |name: &str| self.environment.get(name).cloned();
        let asked = Asked {
            operation: self.operation.as_deref(),
            words: &self.words,
            help: self.help,
            options: self.options,
            environment: &look_up,
            program: "specwright",
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut console = Console {
            input: &mut Cursor::new(self.input),
            out: &mut out,
            err: &mut err,
            out_is_terminal: self.terminal,
            err_is_terminal: self.terminal,
            while_sending: Some(keep),
        };
        let outcome = run(api, &asked, &mut console);
        let mut err = String::from_utf8(err).unwrap();
        let code = match outcome {
            Ok(Outcome::Clean) => 0,
            Ok(Outcome::Findings) => 1,
            Err(failure) => {
                err.push_str(&format!("error: {failure}\n"));
                2
            }
        };
        let ran = Ran { code, out: String::from_utf8_lossy(&out).into_owned(), err, bytes: out };
        for text in [&ran.out, &ran.err] {
            assert!(!text.contains(KEY), "a secret is shown: {text}");
        }
        ran
    }

    /// Runs it, and expects success.
    #[track_caller]
    pub(crate) fn succeeds(self) -> Ran {
        let ran = self.run();
        assert_eq!(ran.code, 0, "{ran:?}");
        ran
    }
}

/// What was shown while files were sent, by all calls.
pub(crate) static WHILE_SENDING: Mutex<String> = Mutex::new(String::new());

fn keep(text: &str) {
    WHILE_SENDING.lock().unwrap().push_str(text);
}

/// A folder for files, gone when it is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("specwright-call-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file, and returns its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
