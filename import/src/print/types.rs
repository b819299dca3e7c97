//! Types.

use super::Mark;
use super::entry::{self, Side};
use super::tree::{Map, Yaml};
use crate::spec::{Kind, Type};

/// `types:` of a file.
pub(super) fn types(types: &[Type], file: Option<usize>) -> Yaml {
    let mut map = Map::default();
    for (at, it) in types.iter().enumerate() {
        let mut one = Map::default();
        one.prose("doc", &it.doc);
        one.prose("unclear", &it.unclear.join(" "));
        if let Some(xml) = &it.xml {
            one.add("xml", entry::xml(xml));
        }
        match &it.kind {
            Kind::Record { like, without, fields, rules, open, extra } => {
                one.text("like", like.as_deref().unwrap_or_default());
                if !without.is_empty() {
                    one.add("without", texts(without));
                }
                if like.is_none() || !fields.is_empty() {
                    let mut inner = Map::default();
                    for (field, it) in fields.iter().enumerate() {
                        let mark = Mark::Field { file, ty: at, at: field };
                        inner.add(&entry::key(it, Side::Field), entry::value(it, Side::Field)).mark(mark);
                    }
                    one.add("fields", inner.whole());
                }
                if !rules.is_empty() {
                    one.add("rules", entry::rules(rules)).tall();
                }
                one.flag("open", *open);
                one.text("additional_properties", extra.as_deref().unwrap_or_default());
            }
            Kind::Enum(values) => {
                one.add("enum", entry::enum_values(values));
                one.flag("open", values.open);
            }
            Kind::Union { members, any_of } => {
                one.add(if *any_of { "any_of" } else { "one_of" }, texts(members));
            }
            Kind::Tagged { tag, members, open } => {
                one.text("tag", tag);
                let mut inner = Map::default();
                for it in members {
                    let mut long = Map::default();
                    long.text("type", &it.ty);
                    long.text("rust", it.rust.as_deref().unwrap_or_default());
                    let key = it.value.as_str().map_or_else(|| it.value.to_string(), str::to_owned);
                    let pair =
                        inner.add(&key, if it.rust.is_some() { long.whole() } else { Yaml::Text(it.ty.clone()) });
                    if !it.value.is_string() {
                        pair.number();
                    }
                }
                one.add("one_of", inner.whole());
                one.flag("open", *open);
            }
        }
        map.add(&it.name, one.whole()).mark(Mark::Type { file, at }).tall();
    }
    map.whole()
}

fn texts(list: &[String]) -> Yaml {
    Yaml::List(list.iter().map(|it| Yaml::Text(it.clone())).collect())
}
