//! Compares what decoders read of a response with the interpreter's verdict.
//!
//! A valid response is read, and is the same when it is written again. If a decoder refuses a response, the interpreter
//! reports a violation at the same place. If the interpreter reports a violation in a response that can be read, the
//! value is left out or kept unchanged.

use serde_json::Value;
use specwright_codegen::interpret::validate_value;
use specwright_codegen::model::{Api, Record, Type, TypeId, TypeKind};
use specwright_runtime as rt;

use super::{RandomSource, mutate, same};
use crate::{apis, files, project};

/// The number of random responses per type.
const TRIES: usize = 3000;

/// Reads a response, and writes what was read.
type Read = fn(&Value) -> Result<Value, rt::DecodeError>;

fn read<T: rt::Decode + rt::Encode>(json: &Value) -> Result<Value, rt::DecodeError> {
    let answer: T = rt::from_json(json)?;
    Ok(serde_json::from_slice(&rt::to_json(&answer)).expect("what is written is JSON"))
}

#[test]
fn kinds() {
    let numbers = read::<kinds::numbers::Measured>;
    let api = apis::of(&project::folder(), "kinds");
    agree(api, "Measured", numbers);
    agree(api, "GapsResponse", read::<kinds::texts::GapsResponse>);
    agree(api, "RangesResponse", read::<kinds::numbers::RangesResponse>);
    agree(api, "ShapesResponse", read::<kinds::shapes::Response>);
    agree(api, "LabelsResponse", read::<kinds::shapes::LabelsResponse>);
    agree(api, "PetsResponse", read::<kinds::shapes::PetsResponse>);
    agree(api, "ComponentsResponse", read::<kinds::tags::ComponentsResponse>);
    agree(api, "RoutesResponse", read::<kinds::tuples::RoutesResponse>);
    for form in mutate::FORMS {
        let number = mutate::read(form);
        let measured = |count: &Value, level: &Value| serde_json::json!({"count": count, "share": number, "level": level, "list": [number], "either": number});
        let (five, zero) = (Value::from(5), Value::from(0));
        for answer in [measured(&number, &five), measured(&five, &number), measured(&zero, &Value::Null)] {
            judge(api, &Type::Named(ty(api, "Measured")), &answer, numbers);
        }
    }
}

#[test]
fn runcrate() {
    let api = apis::of(&files::root(), "runcrate");
    agree(api, "ChatCompletion", read::<runcrate::chat::ChatCompletion>);
    agree(api, "Usage", read::<runcrate::chat::Usage>);
}

fn ty(api: &Api, name: &str) -> TypeId {
    let index = api.types.iter().position(|it| it.name == name).unwrap_or_else(|| panic!("no type `{name}`"));
    TypeId(u32::try_from(index).expect("few types"))
}

fn agree(api: &Api, name: &str, read: Read) {
    let ty = Type::Named(ty(api, name));
    let mut chance = RandomSource::new(name);
    let mut readable = 0;
    for _ in 0..TRIES {
        let answer = chance.answer(api, &ty);
        readable += usize::from(judge(api, &ty, &answer, read));
    }
    assert!(readable * 10 > TRIES, "{name}: {readable} of {TRIES} can be read");
}

/// Whether the response can be read.
#[track_caller]
fn judge(api: &Api, ty: &Type, answer: &Value, read: Read) -> bool {
    let violations = validate_value(api, ty, answer);
    let written = match read(answer) {
        Ok(written) => written,
        Err(error) => {
            let told = violations.iter().any(|it| it.at == error.at);
            assert!(told, "{answer}\ncannot be read: {error}\ninterpreted: {violations:?}");
            return false;
        }
    };
    if violations.is_empty() {
        let kept = without_more_items(api, ty, answer);
        assert!(same(&without_null(&kept), &without_null(&written)), "{answer}\nread as {written}");
    }
    for violation in violations {
        let (before, after) = (answer.pointer(&violation.at), written.pointer(&violation.at));
        // A required field that may be `null` is read as that where it is missing.
        let kept =
            after.is_none_or(Value::is_null) || before.zip(after).is_some_and(|(before, after)| same(before, after));
        assert!(kept, "{answer}\n{violation:?}\nread as {written}");
    }
    true
}

/// What a tuple has more items than its spec says is left out.
fn without_more_items(api: &Api, ty: &Type, value: &Value) -> Value {
    let of_field = |record: &Record, name: &str, value: &Value| match record.find(name) {
        Some((_, field)) => without_more_items(api, &field.ty, value),
        None => value.clone(),
    };
    match (ty, value) {
        (Type::Array(item), Value::Array(items)) => items.iter().map(|it| without_more_items(api, item, it)).collect(),
        (Type::Tuple(types), Value::Array(items)) => {
            types.iter().zip(items).map(|(ty, it)| without_more_items(api, ty, it)).collect()
        }
        (Type::Union(members), Value::Array(_)) => {
            let list = members.iter().find(|it| matches!(it, Type::Array(_) | Type::Tuple(_)));
            list.map_or_else(|| value.clone(), |it| without_more_items(api, it, value))
        }
        (Type::Named(id), Value::Object(fields)) => match &api.ty(*id).kind {
            TypeKind::Record(record) => {
                let fields = fields.iter().map(|(name, it)| (name.clone(), of_field(record, name, it)));
                Value::Object(fields.collect())
            }
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}

/// A `null` that means nothing is not kept.
fn without_null(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(_, it)| !it.is_null());
            kept.map(|(name, it)| (name.clone(), without_null(it))).collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(without_null).collect(),
        other => other.clone(),
    }
}
