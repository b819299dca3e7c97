//! Tasks: what a spec says of them beyond their states.

use super::faults::operation;
use crate::{model, testing};

#[test]
fn ids_and_states_may_be_inside_of_objects() {
    let task = |keys: &str| format!("post: /x\ntask: {{{keys}}}");
    let job = "created: {data: json}, result: {data: json}";
    let _ = testing::api(&[("x.yaml", &super::operation(&task(&format!("{job}, id: /data/id, state: /data/state"))))]);
    let flat = "created: {data: string}, result: {data: string}";
    operation(&task(&format!("{flat}, id: /data/id")), "`/data/id` leads nowhere: a string has no `id`");
    operation(
        &task(&format!("{flat}, id: data, state: /data/state")),
        "`/data/state` leads nowhere: a string has no `state`",
    );
    operation(
        &task("created: {nr: number}, result: {a: string}, id: /nr"),
        "`/nr` of the create response is no string or integer",
    );
    let missing = "the response that creates the task is not described, but has `/data/id`";
    operation(&task("result: {a: string}, id: /data/id"), missing);
    operation(&task("result: {a: string}, id: /data~x"), "`/data~x` is not a JSON pointer");
}

#[test]
fn a_status_path_has_values_of_the_call() {
    let task = |path: &str, status: &str| format!("post: {path}\ntask: {{result: {{a: string}}, status: {status}}}");
    let api = testing::api(&[("x.yaml", &super::operation(&task("/x/{a}/{b}", "\"/y/{b}/{id}/z/{a}\"")))]);
    let model::Output::Task(task_of) = &api.operations[0].output else { panic!("a task") };
    let path = task_of.status.as_ref().expect("a path");
    assert_eq!(path.around_the_id(), ("/y/{b}/".to_owned(), "/z/{a}".to_owned()));
    assert_eq!((path.template().as_str(), path.id_position()), ("/y/{b}/{id}/z/{a}", 1));
    operation(
        &task("/x/{a}", "\"/y/{c}/{id}\""),
        "the status path has several parameters that could be the id: `c`, `id`",
    );
    operation(&task("/x/{a}/{id}", "\"/y/{a}/{id}\""), "no parameter of the status path is the id");
}

#[test]
fn a_status_path_may_have_a_query() {
    let task = |status: &str| format!("post: /x/{{a}}\ntask: {{result: {{b: string}}, status: \"{status}\"}}");
    let api = testing::api(&[("x.yaml", &super::operation(&task("/y/{a}?task_id={id}&kind=video")))]);
    let model::Output::Task(task_of) = &api.operations[0].output else { panic!("a task") };
    let path = task_of.status.as_ref().expect("a path");
    assert_eq!(path.around_the_id(), ("/y/{a}?task_id=".to_owned(), "&kind=video".to_owned()));
    assert_eq!((path.path_template().as_str(), path.query_name(1)), ("/y/{a}", Some("task_id")));
    for (query, part) in
        [("{id}", "{id}"), ("id", "id"), ("a=1&a={id}", "a={id}"), ("a%20b={id}", "a%20b={id}"), ("id={id}&", "")]
    {
        operation(&task(&format!("/y?{query}")), &format!("`{part}` is not a part of the query of a status path"));
    }
    operation(&task("/y?kind=video"), "no parameter of the status path is the id");
    let api = testing::api(&[("x.yaml", &super::operation(&task("/y/{a}/{+id}")))]);
    let model::Output::Task(task_of) = &api.operations[0].output else { panic!("a task") };
    assert!(task_of.status.as_ref().is_some_and(|it| it.keeps_slashes && it.template() == "/y/{a}/{id}"));
    let problem = "`{+a}` is not the id of the task, which alone may have several segments";
    operation(&task("/y/{+a}/{id}"), problem);
}

#[test]
fn a_status_is_at_a_url() {
    let task = |keys: &str| format!("post: /x\ntask: {{created: {{url: url}}, result: {{a: string}}, {keys}}}");
    let _ = testing::api(&[("x.yaml", &super::operation(&task("status: {url: /url}")))]);
    operation(&task("status: {url: /uri}"), "`/uri` leads nowhere: `RunCreated` has no `uri`");
    let excluded = "the task has no id, since the response has the URL of its status";
    operation(&task("status: {url: /url}, id: url"), excluded);
    let _ = testing::api(&[("x.yaml", &super::operation(&task("status: {header: Location}")))]);
    operation(&task("status: {header: Location}, id: url"), excluded);
    operation(&task("status: {header: \"Operation Location\"}"), "`Operation Location` is not a valid header name");
    operation(
        &task("status: {header: Location, url: /url}"),
        "the URL of the status is in one place, the body or a header",
    );
}
