//! The second step: checks the rules of a request, and decides whether violations are errors in this call.

use super::options::CallOptions;
use crate::client::Limits;
use crate::escape::escaped;
use crate::redact::Secrets;
use crate::{Error, Operation, Request, Result, Strength, Validation, ValidationError, Violation, Violations};

/// The rules that a request breaks, and the mode that decides whether they are errors.
pub(crate) struct Judgement {
    mode: Validation,
    found: Violations,
}

impl Judgement {
    /// For a request without rules.
    pub(crate) fn without_rules() -> Self {
        Self { mode: Validation::Off, found: Violations::default() }
    }

    /// Checks the rules, unless validation is off. Only this function decides the mode of a call: its own, or else its
    /// client's.
    pub(crate) fn of<R: Request>(request: &R, options: Option<&CallOptions>, limits: &Limits) -> Self {
        let mode = options.and_then(|it| it.validation).unwrap_or(limits.validation);
        let mut found = Violations::default();
        if mode != Validation::Off {
            request.check(&mut found);
        }
        Self { mode, found }
    }

    /// The violations that do not prevent the request from being sent.
    ///
    /// # Errors
    /// Fails if a violation prevents the request from being sent.
    pub(crate) fn into_warnings(self, operation: &'static Operation, secrets: &Secrets) -> Result<Vec<Violation>> {
        if self.found.is_empty() {
            return Ok(Vec::new());
        }
        let judged = partition_violations(operation.name, self.found, self.mode, secrets);
        let warnings = judged.map_err(|it| Error::from(it).of(operation))?;
        for warning in &warnings {
            // The value in a violation may be part of the body, so it is not logged.
            tracing::warn!(at = %escaped(&warning.at), rule = warning.rule.keyword, "{}", warning.rule.message());
        }
        Ok(warnings)
    }
}

/// Splits violations into an error and warnings.
pub(crate) fn partition_violations(
    operation: &'static str,
    found: Violations,
    mode: Validation,
    secrets: &Secrets,
) -> Result<Vec<Violation>, ValidationError> {
    let omitted = found.omitted_stated();
    let mut all = found.into_vec();
    secrets.redact_violations(&mut all);
    let enforced = |it: &Violation| mode == Validation::Strict && it.rule.strength == Strength::Stated;
    if !all.iter().any(enforced) {
        return Ok(all);
    }
    let (mut violations, mut warnings) = (Vec::new(), Vec::new());
    for violation in all {
        let list = if enforced(&violation) { &mut violations } else { &mut warnings };
        list.push(violation);
    }
    Err(ValidationError { operation, violations, omitted, warnings })
}
