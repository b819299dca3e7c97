//! The second step: what the rules say of a request, and how much that matters in this call.

use super::options::CallOptions;
use crate::client::Limits;
use crate::escape::escaped;
use crate::redact::Secrets;
use crate::{Error, Operation, Request, Result, Strength, Validation, ValidationError, Violation, Violations};

/// The rules that a request breaks, and the mode that decides what becomes of them.
pub(crate) struct Judgement {
    mode: Validation,
    found: Violations,
}

impl Judgement {
    /// Of a request that has no rules.
    pub(crate) fn without_rules() -> Self {
        Self { mode: Validation::Off, found: Violations::default() }
    }

    /// Looks for broken rules, unless nobody wants to know. This alone decides which mode a call has: its own, else that
    /// of its client.
    pub(crate) fn of<R: Request>(request: &R, options: Option<&CallOptions>, limits: &Limits) -> Self {
        let mode = options.and_then(|it| it.validation).unwrap_or(limits.validation);
        let mut found = Violations::default();
        if mode != Validation::Off {
            request.check(&mut found);
        }
        Self { mode, found }
    }

    /// The broken rules that do not keep the request from being sent.
    ///
    /// # Errors
    /// A broken rule does.
    pub(crate) fn into_warnings(self, operation: &'static Operation, secrets: &Secrets) -> Result<Vec<Violation>> {
        if self.found.is_empty() {
            return Ok(Vec::new());
        }
        let judged = partition_violations(operation.name, self.found, self.mode, secrets);
        let warnings = judged.map_err(|it| Error::from(it).of(operation))?;
        for warning in &warnings {
            // What was found there may be part of the body: it stays out of the log.
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
    let (violations, warnings) = all.into_iter().partition(enforced);
    Err(ValidationError { operation, violations, omitted, warnings })
}
