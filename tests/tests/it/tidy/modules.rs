//! Tests that no module of the runtime and of the contract server uses a module above it.

use std::collections::BTreeMap;

use super::{code, imports, is_test, none};
use crate::files;

/// Modules in order. A module includes its submodules, unless a submodule is listed separately.
struct Order {
    folder: &'static str,
    /// The prefix of a path in these modules.
    prefix: &'static str,
    /// The file that only combines them, and may therefore use all of them.
    joint: &'static str,
    modules: &'static [&'static str],
}

const RUNTIME: Order = Order {
    folder: "runtime/src/",
    prefix: "crate::",
    joint: "lib.rs",
    modules: &[
        // Bytes, texts, time, and the data that describes an API.
        "level",
        "escape",
        "byte_scan",
        "concat",
        "percent",
        "headers",
        "excerpt",
        "media",
        "number",
        "pattern",
        "secret",
        "random",
        "http_date",
        "clock",
        "sign",
        "xml",
        "operation",
        // JSON, and the rules for it.
        "json",
        "field",
        "values",
        "validate",
        "unique",
        "formats",
        "text",
        "check",
        "checks",
        "members",
        "presence",
        "redact",
        // Transports.
        "transport",
        "gzip",
        "disk",
        "upload",
        "multipart",
        "adapter",
        "blocking::transport",
        // Responses.
        "reading",
        "failure",
        "rate_limit",
        "error",
        "response",
        "redirect",
        "refusal",
        "status",
        // The client and its settings.
        "retry",
        "base_url",
        "token",
        "oauth2",
        "blocking::clock",
        "blocking::polling",
        "client",
        // Calls and their results.
        "request",
        "debug",
        "parameter",
        "style",
        "download",
        "call",
        "bulk",
        "pages",
        "stream",
        "task",
        "reply",
        // Modules that use all of the above.
        "blocking",
        "serde",
        "testing",
        "webhook",
        "macros",
    ],
};

const CONTRACT: Order = Order {
    folder: "contract/src/",
    prefix: "crate::",
    joint: "lib.rs",
    modules: &[
        "pointer",
        // Values that are generated from the model alone.
        "answers",
        "streams",
        "faults",
        "files",
        "formats",
        "sample",
        "statuses",
        // Requests and responses.
        "multipart",
        "xml",
        "body",
        "keys",
        "rates",
        "signing",
        "log",
        "outcome",
        "refusal",
        "hosts",
        "hook",
        "apply_faults",
        "uploads",
        // The APIs, and the state of a server.
        "prepare",
        "registry",
        "settings",
        "tasks",
        "gaps",
        "shared",
        // A request.
        "choose",
        "task_status",
        "token_endpoint",
        "callbacks",
        "paging",
        "reply",
        "pages",
        "deliveries",
        "handle",
        // The server.
        "connection",
        "reload",
        "server",
        "ready",
    ],
};

/// Folders whose files have their own order.
const FOLDERS: [Order; 4] = [
    Order {
        folder: "runtime/src/json/",
        prefix: "super::",
        joint: "mod.rs",
        modules: &["nullable", "parser", "value", "writer", "reader"],
    },
    Order {
        folder: "runtime/src/call/",
        prefix: "super::",
        joint: "mod.rs",
        modules: &["extra", "options", "judge", "prepare", "limit", "read", "token", "attempt", "execute", "build"],
    },
    Order {
        folder: "runtime/src/stream/",
        prefix: "super::",
        joint: "mod.rs",
        modules: &[
            "spec",
            "part",
            "place",
            "mismatch",
            "items",
            "accumulate",
            "lost",
            "text",
            "blocks",
            "wire",
            "core",
            "events",
            "open",
        ],
    },
    Order {
        folder: "runtime/src/task/",
        prefix: "super::",
        joint: "mod.rs",
        modules: &["body", "failure", "group", "status", "path", "wait", "progress", "handle", "many"],
    },
];

#[test]
fn modules_use_only_lower_ones() {
    let orders = [&RUNTIME, &CONTRACT].into_iter().chain(&FOLDERS);
    none("a module uses a module that is not below it", &orders.flat_map(Order::offenders).collect::<Vec<_>>());
}

impl Order {
    fn offenders(&self) -> Vec<String> {
        let files = files::by_hand(".rs");
        let own = |path: &str| path.strip_prefix(self.folder).map(str::to_owned);
        let files: Vec<_> = files.iter().filter_map(|it| Some((own(&it.path)?, it))).collect();
        let joint = files.iter().find(|it| it.0 == self.joint).expect("a file that combines the others");
        let names = reexports(&code(&joint.1.text));
        let mut offenders = Vec::new();
        let mut seen = vec![false; self.modules.len()];
        for (path, file) in files.iter().filter(|it| it.0 != self.joint && !is_test(&it.1.path)) {
            let module = path.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
            let Some(place) = self.place(&module) else {
                offenders.push(format!("{}: the order in `tidy/modules.rs` lacks it", file.path));
                continue;
            };
            seen[place] = true;
            for used in imports(&code(&file.text), self.prefix) {
                let (first, rest) = used.split_once("::").map_or((&*used, ""), |(first, rest)| (first, rest));
                let other = self.place(&used).or_else(|| {
                    let module = names.get(first)?;
                    self.place(&format!("{module}::{first}::{rest}"))
                });
                if other.is_some_and(|it| it > place) {
                    offenders.push(format!("{} uses `{}{used}`", file.path, self.prefix));
                }
            }
        }
        let gone = self.modules.iter().zip(seen).filter(|it| !it.1);
        offenders.extend(gone.map(|it| format!("{}{}: there is no such module", self.folder, it.0)));
        offenders
    }

    /// The position of a path in the order, by the longest module that it begins with.
    fn place(&self, path: &str) -> Option<usize> {
        let begins = |module: &str| path.strip_prefix(module).is_some_and(|it| it.is_empty() || it.starts_with("::"));
        let all = self.modules.iter().enumerate().filter(|it| begins(it.1));
        all.max_by_key(|it| it.1.len()).map(|it| it.0)
    }
}

/// Names that a file re-exports, and their modules.
fn reexports(code: &str) -> BTreeMap<String, String> {
    let paths = ["pub use ", "pub(crate) use "].into_iter().flat_map(|it| imports(code, it));
    let pairs = paths.filter_map(|it| it.rsplit_once("::").map(|(module, name)| (name.to_owned(), module.to_owned())));
    pairs.collect()
}

#[test]
fn an_order_is_kept() {
    let order = Order { modules: &["low", "high::part", "high"], ..RUNTIME };
    assert_eq!(order.place("low::Thing"), Some(0));
    assert_eq!(order.place("high::part"), Some(1));
    assert_eq!(order.place("high::party"), Some(2));
    assert_eq!(order.place("highest"), None);
    let names = reexports("pub use low::{A, deep::B};\npub(crate) use high::C;");
    assert_eq!(names["A"], "low");
    assert_eq!(names["B"], "low::deep");
    assert_eq!(names["C"], "high");
}
