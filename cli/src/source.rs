//! Where the crates of Specwright come from: what a workspace writes into its manifest to get them.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use specwright_codegen::failure::Failure;
use specwright_codegen::settings::{RUNTIME_VERSION, is_version};

/// One place for all crates of Specwright.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A checkout of the repository.
    Path(String),
    /// A revision of a git repository.
    Git { url: String, rev: String },
    /// A version in the registry.
    Registry(String),
}

impl Source {
    /// How this program itself was obtained.
    pub(crate) fn of_this_program() -> Result<Self, Failure> {
        Self::of_folder(env!("CARGO_MANIFEST_DIR"))
    }

    /// `folder` is that of this package when it was compiled.
    fn of_folder(folder: &str) -> Result<Self, Failure> {
        let folder = folder.replace('\\', "/");
        let needed = |why: &str| {
            Failure::new(format!("{why}, so it is not known where the new workspace gets it from"))
                .help("say it with `--source`, such as `--source git:URL#REVISION`; `init --help` explains it")
        };
        if folder.contains("/registry/src/") {
            return Ok(Self::Registry(RUNTIME_VERSION.to_owned()));
        }
        if folder.contains("/git/checkouts/") {
            return Err(needed("this program was compiled from a git repository"));
        }
        match Path::new(&folder).parent().filter(|it| it.join("runtime/Cargo.toml").is_file()) {
            Some(checkout) => Ok(Self::Path(checkout.display().to_string())),
            None => Err(needed("the folder that this program was compiled in is gone")),
        }
    }

    /// The value of a dependency on one of the crates, in TOML. `folder` is that of the crate in the repository.
    pub(crate) fn dependency(&self, folder: &str) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let source = match self {
            Self::Path(checkout) => format!("path = {}", quoted(&format!("{checkout}/{folder}"))),
            Self::Git { url, rev } => format!("git = {}, rev = {}", quoted(url), quoted(rev)),
            Self::Registry(version) => format!("version = {}", quoted(version)),
        };
        format!("{{ {source}, default-features = false }}")
    }
}

impl FromStr for Source {
    type Err = String;

    /// `path:DIR`, `git:URL#REVISION` or `registry:VERSION`.
    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected `path:DIR`, `git:URL#REVISION` or `registry:VERSION`".to_owned();
        let (kind, rest) = text.split_once(':').filter(|(_, rest)| !rest.is_empty()).ok_or_else(expected)?;
        match kind {
            "path" => {
                let full = std::path::absolute(rest).map_err(|error| format!("`{rest}`: {error}"))?;
                if !full.join("runtime/Cargo.toml").is_file() {
                    return Err(format!("`{rest}` is not a checkout of Specwright: it has no `runtime/Cargo.toml`"));
                }
                Ok(Self::Path(full.display().to_string().replace('\\', "/")))
            }
            "git" => match rest.rsplit_once('#') {
                Some((url, rev)) if is_word(url) && is_word(rev) => {
                    Ok(Self::Git { url: url.to_owned(), rev: rev.to_owned() })
                }
                _ => Err("expected the revision behind the URL: `git:URL#REVISION`".to_owned()),
            },
            "registry" if is_version(rest) => Ok(Self::Registry(rest.to_owned())),
            "registry" => Err(format!("`{rest}` is no version: expected such as `registry:{RUNTIME_VERSION}`")),
            _ => Err(expected()),
        }
    }
}

/// Without what neither a URL nor a revision has.
fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(|it: char| it.is_whitespace() || it.is_control() || it == '"')
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(folder) => write!(f, "path:{folder}"),
            Self::Git { url, rev } => write!(f, "git:{url}#{rev}"),
            Self::Registry(version) => write!(f, "registry:{version}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn a_source_is_a_dependency() {
        let check = |text: &str, expected: &str| {
            let source: Source = text.parse().expect(text);
            assert_eq!((source.to_string().as_str(), source.dependency("cli").as_str()), (text, expected));
        };
        check(
            "git:https://x.example/y.git#1f3a",
            "{ git = \"https://x.example/y.git\", rev = \"1f3a\", default-features = false }",
        );
        check("registry:0.1", "{ version = \"0.1\", default-features = false }");
        for wrong in [
            "",
            "path",
            "path:",
            "path:/nowhere",
            "git:https://x.example",
            "git:#1",
            "git:x y#1",
            "git:x#\"",
            "svn:x",
            "registry:\"",
            "registry:x",
            "registry:>",
        ] {
            assert!(wrong.parse::<Source>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_program_knows_where_it_came_from() {
        assert!(matches!(Source::of_this_program(), Ok(Source::Path(_))));
        let registry = Source::of_folder("/somewhere/.cargo/registry/src/index-1/specwright-cli-0.1.0");
        assert!(matches!(registry, Ok(Source::Registry(_))));
        for unknown in ["/somewhere/.cargo/git/checkouts/specwright-1/2f/cli", "/gone/cli"] {
            assert!(Source::of_folder(unknown).is_err(), "{unknown}");
        }
    }
}
