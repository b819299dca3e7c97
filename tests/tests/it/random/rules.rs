//! Cases and rules of random specs: conditions on other parameters.

use serde_json::{Map, Value, json};

use super::spec::{Kind, Maker, RandomSpec};

impl Maker {
    /// A condition on one of the other parameters.
    fn when(&mut self, made: &[RandomSpec], but: &str) -> Option<Value> {
        let others: Vec<&RandomSpec> = made.iter().filter(|it| it.name != but).collect();
        if others.is_empty() {
            return None;
        }
        let one = others[self.chance.below(others.len())];
        let presence = ["$present", "$absent"][self.chance.below(2)];
        let matcher = match (&one.kind, self.chance.below(4)) {
            (_, 0) if !one.required => json!(presence),
            (_, 1) if one.nullable => Value::Null,
            (Kind::Enum(values), 2) => json!({"not": values[0]}),
            (Kind::Enum(values), _) => json!([values[self.chance.below(values.len())]]),
            (Kind::Numbers(values), _) => json!(values[0]),
            (Kind::Boolean, it) => json!(it == 2),
            (Kind::Text, 3) if !one.required => json!(["some text", "$absent"]),
            (Kind::Text, _) if one.required => json!("text"),
            (Kind::Text | Kind::List, 2) if !one.required => json!("$empty"),
            (Kind::Number, _) => json!(7),
            _ if one.required => return None,
            _ => json!(presence),
        };
        let mut when = json!({ &one.name: matcher });
        if self.chance.one_in(4)
            && let Some(other) = self.when(made, but)
        {
            let mut any = vec![when];
            match other {
                Value::Array(more) => any.extend(more),
                one => any.push(one),
            }
            when = Value::Array(any);
        }
        Some(when)
    }

    pub(super) fn cases(&mut self, made: &[RandomSpec], body: &mut Map<String, Value>) {
        for one in made {
            let Some(Value::Object(entry)) = body.get_mut(&one.name) else { continue };
            let mut cases: Vec<Value> = Vec::new();
            for _ in 0..self.chance.below(3) {
                let decided = cases.iter().any(|it| it.get("required").is_some() || it.get("forbidden").is_some());
                let Some(when) = self.when(made, &one.name) else { continue };
                let mut case = json!({ "when": when });
                match self.chance.below(6) {
                    0 if !decided && !one.required => case["required"] = json!(true),
                    1 if !decided && !one.required => case["forbidden"] = self.line(),
                    2 => case["ignored"] = self.line(),
                    _ => match &one.kind {
                        Kind::Enum(values) if values.len() > 1 => case["enum"] = json!(values[1..]),
                        Kind::Text => case["max_length"] = json!(7),
                        Kind::Number => case["maximum"] = json!(50),
                        Kind::Boolean => case["const"] = json!(true),
                        Kind::Numbers(values) => case["enum"] = json!(values[..2]),
                        Kind::List | Kind::Enum(_) | Kind::Other => case["ignored"] = self.line(),
                    },
                }
                if self.chance.one_in(3) {
                    case["because"] = self.line();
                }
                if self.chance.one_in(4) {
                    case["certainty"] = json!("inferred");
                }
                cases.push(case);
            }
            if !cases.is_empty() {
                entry.insert("cases".to_owned(), Value::Array(cases));
            }
        }
    }

    pub(super) fn rules(&mut self, made: &[RandomSpec]) -> Vec<Value> {
        let mut rules = Vec::new();
        if made.len() < 3 {
            return rules;
        }
        for _ in 0..self.chance.below(3) {
            let from = self.chance.below(made.len() - 1);
            let names: Vec<&str> = made[from..made.len().min(from + 3)].iter().map(|it| it.name.as_str()).collect();
            let free = made.iter().all(|it| !it.required);
            let numbers: Vec<&str> = made
                .iter()
                .filter(|it| it.kind == Kind::Number && !it.name.contains(' '))
                .map(|it| it.name.as_str())
                .collect();
            let mut rule = match self.chance.below(7) {
                0 => json!({ "any_of": names }),
                1 if free => json!({ "at_most_one_of": names }),
                2 => json!({ "all_or_none": names }),
                3 => json!({"requires": {names[0]: names[1]}}),
                4 if numbers.len() > 1 => json!({"compare": format!("{} <= {}", numbers[0], numbers[1])}),
                5 => match made.iter().find(|it| it.kind == Kind::Text) {
                    Some(text) => json!({"total_length": text.name, "maximum": 100}),
                    None if free => json!({ "exactly_one_of": names }),
                    None => json!({ "any_of": names }),
                },
                _ => json!({"sum": names, "maximum": 5}),
            };
            if self.chance.one_in(3) {
                rule["message"] = self.line();
            }
            if self.chance.one_in(3) {
                rule["certainty"] = json!("inferred");
            }
            if self.chance.one_in(3)
                && let Some(when) = self.when(made, "")
            {
                rule["when"] = when;
            }
            rules.push(rule);
        }
        rules
    }
}
