//! Parameters of a path, a query, a header or a form, as texts.

use std::collections::BTreeMap;

use crate::{File, Multipart, Nullable, RequestParts, number_text};

/// A value that is text in a path, a query, a header or a form.
#[doc(hidden)]
pub trait Parameter {
    /// Passes on each text of the value: one, one per item of a list, or none if it is absent.
    fn each_text(&self, send: &mut dyn FnMut(&str));

    /// Adds the value to a form.
    fn add_to(&self, name: &str, form: &mut Multipart) {
        self.each_text(&mut |text| form.text(name, text));
    }
}

impl Parameter for String {
    fn each_text(&self, send: &mut dyn FnMut(&str)) {
        send(self);
    }
}

impl Parameter for i64 {
    fn each_text(&self, send: &mut dyn FnMut(&str)) {
        send(&self.to_string());
    }
}

impl Parameter for u64 {
    fn each_text(&self, send: &mut dyn FnMut(&str)) {
        send(&self.to_string());
    }
}

impl Parameter for f64 {
    fn each_text(&self, send: &mut dyn FnMut(&str)) {
        send(&number_text(*self));
    }
}

impl Parameter for bool {
    fn each_text(&self, send: &mut dyn FnMut(&str)) {
        send(if *self { "true" } else { "false" });
    }
}

/// A file can only be part of a form.
impl Parameter for File {
    fn each_text(&self, _: &mut dyn FnMut(&str)) {}

    fn add_to(&self, name: &str, form: &mut Multipart) {
        form.file(name, self);
    }
}

impl<T: Parameter> Parameter for Vec<T> {
    fn each_text(&self, send: &mut dyn FnMut(&str)) {
        self.iter().for_each(|it| it.each_text(send));
    }

    fn add_to(&self, name: &str, form: &mut Multipart) {
        self.iter().for_each(|it| it.add_to(name, form));
    }
}

impl<T: Parameter> Parameter for Option<T> {
    fn each_text(&self, send: &mut dyn FnMut(&str)) {
        self.iter().for_each(|it| it.each_text(send));
    }

    fn add_to(&self, name: &str, form: &mut Multipart) {
        self.iter().for_each(|it| it.add_to(name, form));
    }
}

impl<T: Parameter> Parameter for Nullable<T> {
    fn each_text(&self, send: &mut dyn FnMut(&str)) {
        if let Self::Value(value) = self {
            value.each_text(send);
        }
    }

    fn add_to(&self, name: &str, form: &mut Multipart) {
        if let Self::Value(value) = self {
            value.add_to(name, form);
        }
    }
}

#[doc(hidden)]
impl RequestParts {
    /// Adds a parameter of the path.
    pub fn path_parameter(&mut self, value: &dyn Parameter) {
        let mut text = String::new();
        value.each_text(&mut |it| text.push_str(it));
        self.path_value(&text);
    }

    /// Adds a parameter of the query.
    pub fn query_parameter(&mut self, name: &str, value: &dyn Parameter) {
        value.each_text(&mut |it| self.query(name, it));
    }

    /// Adds a header for each entry of a map. Their names begin with `start`.
    pub fn headers_of_entries<T: Parameter>(&mut self, start: &str, entries: &Option<BTreeMap<String, T>>) {
        for (name, value) in entries.iter().flatten() {
            value.each_text(&mut |it| self.headers.push((format!("{start}{name}").into(), it.to_owned())));
        }
    }

    /// Adds a header.
    pub fn header_parameter(&mut self, name: &'static str, value: &dyn Parameter) {
        value.each_text(&mut |it| self.header(name, it));
    }
}

#[doc(hidden)]
impl Multipart {
    /// Adds texts and files that are of this media type. A file may have another one.
    pub fn typed_part(&mut self, name: &'static str, value: &dyn Parameter, kind: &'static str) {
        let first = self.count();
        value.add_to(name, self);
        self.set_types(first, kind);
    }

    /// Adds each entry of a map under its key, behind what is before the `*` of the name. A media type that is empty is not
    /// said.
    pub fn entry_parts<T: Parameter>(&mut self, name: &str, entries: &Option<BTreeMap<String, T>>, kind: &'static str) {
        let (first, start) = (self.count(), name.strip_suffix('*').unwrap_or_default());
        for (key, value) in entries.iter().flatten() {
            value.add_to(&format!("{start}{key}"), self);
        }
        if !kind.is_empty() {
            self.set_types(first, kind);
        }
    }

    /// Adds each item of a list under a name with its index: `a[0]`. A media type that is empty is not said.
    pub fn indexed_parts<T: Parameter>(&mut self, name: &str, items: &Option<Vec<T>>, kind: &'static str) {
        let first = self.count();
        for (index, item) in items.iter().flatten().enumerate() {
            item.add_to(&format!("{name}[{index}]"), self);
        }
        if !kind.is_empty() {
            self.set_types(first, kind);
        }
    }
}
