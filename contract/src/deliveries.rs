//! Deliveries on demand, so that a receiver can be tested whole: an event of a webhook, or the present status of a task.
//!
//! They are signed as the spec says, and repeated if the receiver does not accept them.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use http::request::Parts;
use hyper::body::Incoming;
use serde_json::{Map, Value, json};
use specwright_codegen::model::MessagePlace;

use crate::body;
use crate::callbacks::{self, Delivery};
use crate::outcome::Outcome;
use crate::pages::PREFIX;
use crate::prepare::PreparedApi;
use crate::shared::Shared;
use crate::task_status::status_body;

/// The path of the endpoint, below that of the server's own pages.
const DELIVERIES: &str = "deliveries";

/// What to deliver.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeliveryOrder {
    /// The API of the event; left out where there is only one.
    pub(crate) api: Option<String>,
    /// The name of an event.
    pub(crate) event: Option<String>,
    /// The id of a task, whose status is delivered.
    pub(crate) task: Option<String>,
    pub(crate) url: Option<String>,
    /// The body of the event, in place of one that is made from its type.
    pub(crate) body: Option<Value>,
}

/// Whether a request is for this endpoint, which takes a POST.
pub(crate) fn is_endpoint(head: &Parts) -> bool {
    head.method == Method::POST && head.uri.path().strip_prefix(PREFIX) == Some(DELIVERIES)
}

/// `{"api": "forge", "event": "push", "url": "http://127.0.0.1:8080/hook"}`, or with `task` in place of `event`.
pub(crate) async fn answer(shared: &Arc<Shared>, body: Incoming) -> Outcome {
    let refused = |why: &str| Outcome::json(400, &json!({ "error": why }));
    let Ok(held) = body::read(body, shared.settings.limits, &shared.held).await else {
        return refused("The body cannot be read");
    };
    let order = serde_json::from_slice(&held.bytes).ok().and_then(|it| order(&it));
    let Some(order) = order else {
        let form =
            r#"{"api": "…", "event": "…", "url": "http://…"}, with "task" in place of "event", or with a "body""#;
        return refused(&format!("The body is not of this form: {form}"));
    };
    match deliver(shared, &order) {
        Ok(delivery) => Outcome::json(202, &json!({ "id": delivery.id, "body": delivery.body })),
        Err(why) => refused(&why),
    }
}

fn order(value: &Value) -> Option<DeliveryOrder> {
    let fields: &Map<String, Value> = value.as_object()?;
    let known = ["api", "event", "task", "url", "body"];
    if fields.keys().any(|it| !known.contains(&it.as_str())) {
        return None;
    }
    let text = |name: &str| match fields.get(name) {
        None => Some(None),
        Some(Value::String(text)) => Some(Some(text.clone())),
        Some(_) => None,
    };
    let body = fields.get("body").cloned();
    Some(DeliveryOrder { api: text("api")?, event: text("event")?, task: text("task")?, url: text("url")?, body })
}

/// What is delivered.
#[derive(Debug)]
pub(crate) struct Ordered {
    pub(crate) id: String,
    pub(crate) body: Value,
}

/// Starts a delivery. The error says what is wrong with the order.
pub(crate) fn deliver(shared: &Arc<Shared>, order: &DeliveryOrder) -> Result<Ordered, String> {
    let registry = shared.registry();
    let url = shared.settings.callbacks_to.as_ref().or(order.url.as_ref()).ok_or("`url` says where it is delivered")?;
    let (prepared, bytes, event) = match (&order.event, &order.task) {
        (Some(event), None) => {
            let prepared = api(&registry.apis, order.api.as_deref())?;
            (prepared, event_body(prepared, event, order.body.as_ref())?, Some(event.as_str()))
        }
        (None, Some(task)) => {
            let standing = shared.tasks().progress_of(task, shared.settings.pace);
            let standing = standing.ok_or_else(|| format!("there is no task `{task}`"))?;
            let prepared = registry.api(&standing.api).ok_or("the API of the task is gone")?;
            let body = status_body(shared, prepared, &standing, task).ok_or("the operation of the task is gone")?;
            (prepared, body.map_err(|it| it.message)?, None)
        }
        _ => return Err("either `event` or `task` says what is delivered".to_owned()),
    };
    if prepared.api.webhook.is_none() {
        return Err(format!("`{}` has no `webhook`, so nothing says how it is signed", prepared.name));
    }
    let id = format!("delivery_{:08x}", shared.next());
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    let task = order.task.as_deref().unwrap_or_default();
    callbacks::start(shared, Delivery { id: id.clone(), url, api: &prepared.name, task, event, body: bytes })?;
    Ok(Ordered { id, body })
}

fn api<'a>(apis: &'a [PreparedApi], name: Option<&str>) -> Result<&'a PreparedApi, String> {
    let names = || apis.iter().map(|it| &*it.name).collect::<Vec<_>>().join(", ");
    match (name, apis) {
        (None, [alone]) => Ok(alone),
        (None, _) => Err(format!("`api` says which API tells the event: {}", names())),
        (Some(name), _) => {
            let found = apis.iter().find(|it| &*it.name == name);
            found.ok_or_else(|| format!("there is no API `{name}`; there are {}", names()))
        }
    }
}

/// The body of an event: the one that is given, or one that is made from its type, with its name where the spec says.
fn event_body(prepared: &PreparedApi, name: &str, given: Option<&Value>) -> Result<Bytes, String> {
    let webhook = prepared.api.webhook.as_ref();
    let Some(events) = webhook.and_then(|it| it.events.as_ref()) else {
        return Err(format!("`{}` has no `events` under `webhook`", prepared.name));
    };
    let known = events.events.iter().position(|it| it.name == name);
    let mut body = match (given, known) {
        (Some(body), _) => body.clone(),
        (None, Some(index)) => prepared.answers.event(&prepared.api, index)?,
        (None, None) => {
            let all: Vec<&str> = events.events.iter().map(|it| it.name.as_str()).collect();
            return Err(format!(
                "there is no event `{name}`; there are {}. Send a `body` with another",
                all.join(", ")
            ));
        }
    };
    if let (MessagePlace::Body(place), None) = (&events.name, given) {
        crate::signing::put(&mut body, place, name);
    }
    Ok(Bytes::from(body.to_string()))
}
