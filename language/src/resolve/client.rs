//! Parameters of the client: one for all operations that have it.

use std::sync::Arc;

use super::names as forms;
use crate::diagnostics::{Diagnostics, names, types};
use crate::model::{Api, ClientParameter, Operation, Output, StatusPath, StatusValue, Type, TypeDef, TypeKind};
use crate::syntax::document::ApiDocument;

/// The parameters of the client, once the operations that have them are known.
pub(super) fn parameters(
    document: &ApiDocument,
    api: &Api,
    defs: &[TypeDef],
    out: &mut Diagnostics,
) -> Vec<ClientParameter> {
    let mut parameters = Vec::new();
    for (index, (location, entry)) in document.client.all().enumerate() {
        let mut fields = api.operations.iter().flat_map(|it| &it.parameters.fields);
        let field = fields.find(|it| it.client == Some(index));
        let env = entry.client.as_ref().and_then(|it| it.env.as_ref());
        if let Some(env) = env {
            forms::check_env(env, out);
        }
        let in_status = |it: &Arc<Operation>| match &it.output {
            Output::Task(task) => {
                task.status.iter().flat_map(StatusPath::others).any(|it| it.from == StatusValue::Client(index))
            }
            _ => false,
        };
        let is_used = field.is_some() || api.operations.iter().any(in_status);
        if !is_used && !out.has_errors() {
            out.push(names::unused_client_parameter(&entry.name.value, entry.name.span));
        }
        if let Some(field) = field.filter(|it| !is_one_value(&it.ty, defs)) {
            let problem = format!("`{}` holds several values, and a parameter of the client is one", field.name);
            let help = "write a string, a number or a boolean, or let the operations have the parameter themselves";
            out.push(types::bad_operation(&problem, help, entry.name.span));
        }
        // One that nothing has keeps its place, by which the others are known.
        parameters.push(ClientParameter {
            name: entry.alias_or_name().value.clone(),
            location,
            ty: field.map_or(Type::String, |it| it.ty.clone()),
            env: env.map(|it| it.value.clone()),
            default: match field {
                Some(field) => field.default.clone(),
                None => entry.default.as_ref().map(|it| it.value.clone()),
            },
            doc: field.map(|it| it.doc.clone()).or_else(|| entry.doc.clone()).unwrap_or_default(),
            span: entry.name.span,
        });
    }
    parameters
}

fn is_one_value(ty: &Type, defs: &[TypeDef]) -> bool {
    match ty {
        Type::Named(id) => defs.get(id.0 as usize).is_some_and(|it| matches!(it.kind, TypeKind::Enum(_))),
        Type::Array(_)
        | Type::Tuple(_)
        | Type::Map(_)
        | Type::Json
        | Type::File
        | Type::Union(_)
        | Type::Nullable(_) => false,
        _ => true,
    }
}
