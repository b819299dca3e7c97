//! Whether a server can tell the requests of two operations on one path apart.

use super::{ContentType, Field, Operation, same_value};

impl Operation {
    /// Whether a server can tell requests of two operations apart that share a method and a path: by a constant, by the
    /// content type, or by what responses they ask for.
    #[must_use]
    pub fn differs_from(&self, other: &Self) -> bool {
        let same = |it: &ContentType| other.content_types.contains(it);
        let by_encoding = self.has_body && other.has_body && !self.content_types.iter().any(same);
        let is = |field: &Field, it: &Field| {
            it.location == field.location && it.sent_name().eq_ignore_ascii_case(field.sent_name())
        };
        let by_constant = |one: &Self, other: &Self| {
            one.constants().chain(one.constants_of_body()).any(|(field, value)| {
                let mut of_other = other.constants().chain(other.constants_of_body());
                let of_other = of_other.find(|(it, _)| is(field, it));
                of_other.is_some_and(|(_, other)| !same_value(value, other))
            })
        };
        // What the other one never sends.
        let by_parameter = |one: &Self, other: &Self| {
            let constants = one.constants().map(|it| it.0);
            constants.chain(one.always_sent()).any(|field| !other.parameters.fields.iter().any(|it| is(field, it)))
        };
        let (asked, by_other) = (self.response_types(), other.response_types());
        let any = |all: &[&str], is: &dyn Fn(&str) -> bool| all.iter().any(|it| is(it));
        let is_range = |it: &str| it.contains('*');
        let by_response = !asked.is_empty()
            && !by_other.is_empty()
            && !any(&asked, &|it| is_range(it) || by_other.contains(&it))
            && !any(&by_other, &is_range);
        by_encoding || by_response || by_constant(self, other) || by_parameter(self, other) || by_parameter(other, self)
    }
}
