//! The rules of a plan, and their decision about a request.

use std::mem::discriminant;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::config;
use super::glob::matches;
use super::language::{Effect, FaultSource, Selector, UndrawnFault, effect, items, selector};
use super::problem::{Problem, Problems, shown};
use super::{Fault, HEADER};
use crate::answers::mix_bits;

/// The parts of a request that a plan uses.
#[derive(Clone, Copy, Debug)]
pub struct FaultInput<'a> {
    /// The API's name: a path may begin with it.
    pub api: &'a str,
    /// `suno.text_to_music`; of a poll, the operation that began the task.
    pub operation: &'a str,
    /// As sent.
    pub method: &'a str,
    /// As sent, without the query.
    pub path: &'a str,
    /// The value of [`HEADER`], if the request has it.
    pub header: Option<&'a str>,
}

/// Which requests go wrong, and how. The default is none.
#[derive(Debug, Default)]
pub struct FaultPlan {
    seed: u64,
    rules: Vec<Rule>,
}

/// Faults for the requests of one selector.
#[derive(Debug)]
pub(super) struct Rule {
    selector: Selector,
    effect: Effect,
    /// The number of selected requests.
    seen: AtomicU64,
    /// The number of affected requests.
    struck: AtomicU64,
}

impl Rule {
    pub(super) fn new(selector: Selector, effect: Effect) -> Self {
        Self { selector, effect, seen: AtomicU64::new(0), struck: AtomicU64::new(0) }
    }

    fn selects(&self, asked: &FaultInput<'_>) -> bool {
        let Selector { method, pattern } = &self.selector;
        if method.as_ref().is_some_and(|it| !it.eq_ignore_ascii_case(asked.method)) {
            return false;
        }
        if !pattern.starts_with('/') {
            return matches(pattern, asked.operation);
        }
        let below = asked.path.strip_prefix('/').and_then(|it| it.strip_prefix(asked.api));
        let below = below.filter(|it| it.starts_with('/'));
        matches(pattern, asked.path) || below.is_some_and(|it| matches(pattern, it))
    }

    /// The number of this request among those of the rule, if it is affected.
    fn number_if_selected(&self, chance: impl Fn(u64) -> u64) -> Option<u64> {
        let number = self.seen.fetch_add(1, Ordering::Relaxed);
        let share = (chance(number) >> 11) as f64 / (1_u64 << 53) as f64;
        if number < self.effect.after || share >= self.effect.rate {
            return None;
        }
        let before = |it: u64| (it < self.effect.times).then(|| it + 1);
        self.struck.fetch_update(Ordering::Relaxed, Ordering::Relaxed, before).is_ok().then_some(number)
    }
}

impl FaultPlan {
    /// A plan without faults, whose random choices depend on `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, rules: Vec::new() }
    }

    /// Whether it has no rules. Requests may still ask for faults.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Adds the rule of a flag: `POST /api/v1/suno/*: 429 rate=0.2 retry_after=2`.
    ///
    /// # Errors
    ///
    /// Returns every problem. The plan is unchanged then.
    pub fn add_flag(&mut self, text: &str) -> Result<(), Problems> {
        let place = format!("the fault {}", shown(text));
        // A path may contain colons, but no spaces.
        let Some((selected, rest)) =
            text.split_once(": ").or_else(|| text.trim_end().strip_suffix(':').map(|it| (it, "")))
        else {
            let message = "it does not select any requests".to_owned();
            let help = format!("write a selector, a colon and a space before it, like `*: {}`", text.trim());
            return Err(Problems(vec![Problem { place, message, help }]));
        };
        let mut problems = Vec::new();
        let selector = selector(selected, &place).map_err(|it| problems.push(it)).ok();
        let effect = effect(&items(rest, &place), FaultSource::Rule, &place, &mut problems);
        match selector {
            Some(selector) if problems.is_empty() => self.rules.push(Rule::new(selector, effect)),
            _ => return Err(Problems(problems)),
        }
        Ok(())
    }

    /// Adds the rules of a config file, and uses its seed. `name` is the file's name in messages.
    ///
    /// # Errors
    ///
    /// Returns every problem. The plan is unchanged then.
    pub fn add_config(&mut self, name: &str, text: &str) -> Result<(), Problems> {
        let config = config::read(name, text).map_err(Problems)?;
        self.seed = config.seed.unwrap_or(self.seed);
        self.rules.extend(config.rules);
        Ok(())
    }

    /// Counts a request and returns its faults. No two faults are of the same kind.
    ///
    /// # Errors
    ///
    /// Returns every problem of the request's header. No rule counts the request then.
    pub fn decide(&self, asked: &FaultInput<'_>) -> Result<Vec<Fault>, Problems> {
        let mut faults = Vec::new();
        match asked.header.map(str::trim) {
            None => {}
            Some("none") => return Ok(faults),
            Some(text) => {
                let mut problems = Vec::new();
                let effect = effect(&items(text, HEADER), FaultSource::Request, HEADER, &mut problems);
                if !problems.is_empty() {
                    return Err(Problems(problems));
                }
                add(&mut faults, &effect, self.chance(u64::MAX, text.len() as u64));
            }
        }
        for (index, rule) in self.rules.iter().enumerate() {
            let chance = |number| self.chance(index as u64, number);
            if rule.selects(asked)
                && let Some(number) = rule.number_if_selected(chance)
            {
                add(&mut faults, &rule.effect, mix_bits(chance(number)));
            }
        }
        Ok(faults)
    }

    /// A pseudorandom number that depends on the seed, rule and request.
    fn chance(&self, rule: u64, number: u64) -> u64 {
        mix_bits(mix_bits(self.seed ^ mix_bits(rule)).wrapping_add(number))
    }
}

/// Adds the faults of kinds that are not present yet.
fn add(faults: &mut Vec<Fault>, effect: &Effect, chance: u64) {
    for drawn in &effect.faults {
        let fault = match drawn {
            UndrawnFault::Always(fault) => fault.clone(),
            UndrawnFault::Between(least, most) => {
                let span = u64::try_from(most.saturating_sub(*least).as_millis()).unwrap_or(0);
                Fault::Latency(*least + Duration::from_millis(chance % (span + 1)))
            }
        };
        if !faults.iter().any(|it| discriminant(it) == discriminant(&fault)) {
            faults.push(fault);
        }
    }
}
