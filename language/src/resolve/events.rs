//! The events of a webhook, and what each brings.

use super::names::{self as forms, UniqueNames};
use super::types::Types;
use crate::diagnostics::Diagnostics;
use crate::model::{MessagePlace, WebhookEvent, WebhookEvents};
use crate::syntax::document::WebhookEventsDoc;

/// The events, with their types.
pub(super) fn events(doc: &WebhookEventsDoc, types: &mut Types<'_>, out: &mut Diagnostics) -> Option<WebhookEvents> {
    let name = match (&doc.name, &doc.header) {
        (Some(at), _) => MessagePlace::Body(at.value.clone()),
        (None, Some(header)) => {
            forms::check_header_token(header, out);
            MessagePlace::Header(header.value.clone())
        }
        (None, None) => return None,
    };
    let mut scope = UniqueNames::default();
    let mut events = Vec::new();
    for event in &doc.types {
        let is_new = scope.add("events", &event.name, out);
        let rust_name = forms::check_rust(event.rust.as_ref(), out);
        if let Some(ty) = types.expr(&event.ty, None, out).filter(|_| is_new) {
            let (name, doc, span) = (event.name.value.clone(), event.doc.clone(), event.name.span);
            events.push(WebhookEvent { name, ty, doc, rust_name, span });
        }
    }
    Some(WebhookEvents { name, events })
}
