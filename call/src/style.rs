//! How lists, objects and texts are written, as the runtime says it.

use specwright_codegen::model::{self, Style};
use specwright_runtime as rt;

pub(crate) fn style(style: Style) -> rt::Style {
    if style.json {
        return rt::Style::JSON;
    }
    let lists = match style.lists {
        model::ListStyle::Repeated => rt::ListStyle::Repeated,
        model::ListStyle::Comma => rt::ListStyle::Comma,
        model::ListStyle::Space => rt::ListStyle::Space,
        model::ListStyle::Pipe => rt::ListStyle::Pipe,
        model::ListStyle::Brackets => rt::ListStyle::Brackets,
        model::ListStyle::Indices => rt::ListStyle::Indices,
        model::ListStyle::Semicolon => rt::ListStyle::Semicolon,
        model::ListStyle::Numbered => rt::ListStyle::Numbered,
        model::ListStyle::Dots => rt::ListStyle::Dots,
        model::ListStyle::Json => rt::ListStyle::Json,
    };
    let objects = match style.objects {
        Some(model::ObjectStyle::Exploded) => rt::ObjectStyle::Exploded,
        Some(model::ObjectStyle::Comma) => rt::ObjectStyle::Comma,
        Some(model::ObjectStyle::Dots) => rt::ObjectStyle::Dots,
        Some(model::ObjectStyle::Json) => rt::ObjectStyle::Json,
        Some(model::ObjectStyle::DeepObject) | None => rt::ObjectStyle::DeepObject,
    };
    let new = rt::Style::new(lists, objects);
    match style.texts {
        model::TextStyle::Encoded => new,
        model::TextStyle::Reserved => new.reserved(),
        model::TextStyle::Flag => new.flag(),
    }
}
