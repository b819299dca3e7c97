//! Tasks: what a spec says of them beyond their states.

use crate::{pipeline, testing};

#[test]
fn a_task_tells_where_its_status_has_the_id() {
    let emitted = |tasks: &str, task: &str| {
        let types = "types:\n  Film: {fields: {id: string, url?: url}}\n";
        let api = format!("{}{tasks}", testing::API);
        let text = format!("{}{types}", super::operation(&format!("post: /run\ntask: {task}")));
        let files = pipeline::crate_files(&testing::api(&[("api.yaml", &api), ("x.yaml", &text)])).expect("a crate");
        let text: String = files.into_iter().filter(|it| it.0.starts_with("src/x")).map(|it| it.1).collect();
        assert!(text.contains("rt::TaskSpec::new("), "{text}");
        !text.contains(".ids(\"id\", None)")
    };
    assert!(emitted("  every_state: {id: string}\n", "{result: {url: url}}"));
    assert!(emitted("", "{result: Film, created: Film}"));
    // The film's own id may be another than the task's.
    assert!(!emitted("", "{result: Film}"));
    assert!(!emitted("  every_state: {status: string}\n", "{result: {url: url}}"));
}
