//! Members of tagged unions that the document gives no name are called after their tags.

use super::Planner;
use super::ty::{Content, TypeId};
use crate::text;

impl Planner<'_> {
    /// `TeaOption1` as `TeaGreen`, if `green` is its tag.
    pub(super) fn name_members(&mut self) {
        for at in 0..self.types.len() {
            let union = self.types[at].name.clone();
            let Content::Tagged { members, .. } = &self.types[at].content else { continue };
            let nameless: Vec<(String, TypeId)> = members
                .iter()
                .filter(|it| self.is_nameless_member(it.1))
                .filter_map(|(value, id)| Some((format!("{union}{}", text::pascal(value.as_str()?)), *id)))
                .collect();
            for (name, id) in nameless {
                if name.len() <= text::LONGEST_NAME && !self.taken.contains(&name) {
                    self.taken.insert(name.clone());
                    self.types[id.0 as usize].name = name;
                }
            }
        }
    }

    /// Whether all that a type is called after is its place among the members of a union.
    fn is_nameless_member(&self, id: TypeId) -> bool {
        let planned = &self.types[id.0 as usize];
        let number = planned.name.rsplit_once("Option").map(|it| it.1);
        !planned.named && number.is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))
    }
}
