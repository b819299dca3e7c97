//! How many members of a union accept a value, where nothing tells the members apart.

use serde_json::Value;

use crate::json::parse;
use crate::unique::same_json;
use crate::{Actual, Checks, Decode, Encode, JsonWriter, Rule, Violations, from_json, to_json};

/// Whether a member of a union accepts a value: [`accepts`] with the member's type and checks.
pub type Member = fn(&Value, &mut Violations) -> bool;

/// The number of members that are tried for a request. Unions in unions ask again about what is inside, and beyond this
/// number the server decides.
const MOST_TRIALS: u32 = 4096;

/// Whether a value is one of a type: it can be read as that without a loss, and breaks no rule.
pub fn accepts<T: Decode + Encode>(
    value: &Value,
    trial: &mut Violations,
    check: impl FnOnce(&T, &mut Checks<'_>),
) -> bool {
    let Ok(read) = from_json::<T>(value) else { return false };
    let mut written = JsonWriter::of_described();
    read.encode(&mut written);
    // Reading is lenient: what is not of the type is left out.
    let is_whole = parse(written.as_bytes()).is_ok_and(|it| same_json(&it, value));
    if !is_whole {
        return false;
    }
    check(&read, &mut trial.at_root());
    !trial.has_stated()
}

impl Checks<'_> {
    /// Checks that only one member of a union accepts a value, if `several` is the rule that is broken otherwise.
    ///
    /// That no member accepts it is only a violation, of `none`, where another union asks: a value of none of the members
    /// is one that the API sent, and it is sent back as it is.
    pub fn members<T: Encode>(&mut self, value: &T, members: &[Member], none: Rule, several: Option<Rule>) {
        let Ok(value) = parse(&to_json(value)) else { return };
        let mut accepting = 0;
        for member in members {
            if self.violations().trials >= MOST_TRIALS {
                return;
            }
            let trials = self.violations().trials + 1;
            let mut trial = Violations::of_trial(trials);
            accepting += usize::from(member(&value, &mut trial));
            self.violations().trials = trial.trials;
            if accepting > 1 || (accepting == 1 && several.is_none()) {
                break;
            }
        }
        match (accepting, several) {
            (0, _) if self.violations().is_trial => self.broken(none, Actual::Nothing),
            (2, Some(several)) => self.broken(several, Actual::Nothing),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn is_text(value: &Value, trial: &mut Violations) -> bool {
        accepts::<String>(value, trial, |_, _| {})
    }

    fn is_short(value: &Value, trial: &mut Violations) -> bool {
        accepts::<String>(value, trial, |it, out| {
            out.max_length("it", 3, it);
        })
    }

    fn is_list(value: &Value, trial: &mut Violations) -> bool {
        accepts::<Vec<i64>>(value, trial, |_, _| {})
    }

    /// The keywords of what is found.
    fn found(value: &Value, members: &[Member], exclusive: bool, mut out: Violations) -> Vec<&'static str> {
        let rule = |keyword| Rule::stated("", keyword, "", "");
        out.at_root().members(value, members, rule("type"), exclusive.then(|| rule("one_of")));
        out.as_slice().iter().map(|it| it.rule.keyword).collect()
    }

    #[test]
    fn only_one_member_may_accept_a_value() {
        let check = |value: Value, expected: &[&str]| {
            assert_eq!(found(&value, &[is_text, is_short, is_list], true, Violations::default()), expected, "{value}");
        };
        check(json!("a"), &["one_of"]);
        check(json!("long"), &[]);
        check(json!([1, 2.0]), &[]);
        check(json!(true), &[]);
    }

    #[test]
    fn a_value_of_no_member_is_refused_where_it_is_tried() {
        let trial = || Violations::of_trial(0);
        assert_eq!(found(&json!(true), &[is_text, is_list], false, trial()), ["type"]);
        assert_eq!(found(&json!([1.5]), &[is_text, is_list], true, trial()), ["type"]);
        assert_eq!(found(&json!("a"), &[is_text, is_short], false, trial()), [""; 0]);
    }

    #[test]
    fn trials_end() {
        let mut spent = Violations::default();
        spent.trials = MOST_TRIALS;
        assert_eq!(found(&json!("a"), &[is_text, is_short], true, spent), [""; 0]);
    }
}
