//! What specs mean and what is said about wrong ones: pages, facts, faults, names, tasks, callbacks, and mutated texts.

mod clients;
mod facts;
mod faults;
mod files;
mod literal;
mod mutations;
mod pages;
mod sound;
mod styles;
mod tasks;
mod webhooks;

/// Wraps the keys of an operation (what its page would show) into a resource file.
fn operation(keys: &str) -> String {
    let mut text = String::from("  run:\n");
    let mut keys = keys.to_owned();
    for (key, words) in [("summary", "Do it."), ("response", "none")] {
        let has = |it: &str| keys.lines().any(|line| line.starts_with(&format!("{it}:")));
        // One stands for the other.
        let is_there = has(key) || (key == "response" && (has("task") || has("stream")));
        if !is_there {
            keys = format!("{keys}\n{key}: {words}");
        }
    }
    for line in keys.lines() {
        text += &format!("    {line}\n");
    }
    crate::testing::resource(&text)
}

/// Wraps body parameters into an operation.
fn body(parameters: &str) -> String {
    let lines: String = parameters.lines().map(|it| format!("  {it}\n")).collect();
    operation(&format!("post: /run\nbody:\n{lines}"))
}
