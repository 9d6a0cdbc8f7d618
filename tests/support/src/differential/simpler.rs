//! What is simpler than a script: settings as they are by default, fewer steps, and in each step smaller numbers, shorter
//! lists and texts, calldata with less in it. Steps are data with a JSON form, and this works on that form: it knows
//! nothing of the kinds of steps, and what it makes that is no step is dropped. Nothing here ever grows, so that whoever
//! goes from one script to a simpler one comes to an end.

use alloy::primitives::{Bytes, hex};
use eyre::Result;
use serde_json::{Map, Value};

use super::{action::Action, script::Script, setup::Setup};

/// Where calldata has its selector, before the words.
const SELECTOR: usize = 4;

/// Scripts that are simpler by one change, the largest changes first.
///
/// # Errors
/// None that a script can have: JSON writes every one.
pub fn simpler(script: &Script) -> Result<Vec<Script>> {
    let Script { setup, steps } = script;
    let mut all: Vec<Script> =
        settings(setup)?.into_iter().map(|setup| Script { setup, steps: steps.clone() }).collect();
    all.extend(shorter(steps).into_iter().map(|steps| Script { setup: setup.clone(), steps }));
    for (at, step) in steps.iter().enumerate() {
        for simple in variants(step)? {
            let mut steps = steps.clone();
            steps[at] = simple;
            all.push(Script { setup: setup.clone(), steps });
        }
    }
    Ok(all)
}

/// All settings as they are by default, then one after the other, or at least smaller.
fn settings(setup: &Setup) -> Result<Vec<Setup>> {
    let plain = Setup::default();
    if *setup == plain {
        return Ok(Vec::new());
    }
    let (given, defaults) = (serde_json::to_value(setup)?, serde_json::to_value(&plain)?);
    let mut all = vec![plain];
    for (name, value) in given.as_object().into_iter().flatten() {
        let default = defaults.get(name);
        if default == Some(value) {
            continue;
        }
        let smaller = values(value).into_iter().map(Some);
        let candidates = std::iter::once(default.cloned()).chain(smaller);
        all.extend(candidates.filter_map(|value| serde_json::from_value(with(&given, name, value)).ok()));
    }
    Ok(all)
}

/// What is simpler than a step.
fn variants(step: &Action) -> Result<Vec<Action>> {
    let all = values(&serde_json::to_value(step)?);
    // Nothing, and a member left out that was nothing, are the same.
    Ok(all.into_iter().filter_map(|value| serde_json::from_value(value).ok()).filter(|simple| simple != step).collect())
}

/// What is simpler than a value, whatever it means.
fn values(value: &Value) -> Vec<Value> {
    match value {
        Value::Null | Value::Bool(false) => Vec::new(),
        Value::Bool(true) => vec![Value::Bool(false)],
        Value::Number(_) => match (value.as_u64(), value.as_i64()) {
            (Some(number), _) => nearer(number.into()).filter_map(|n| u64::try_from(n).ok()).map(Value::from).collect(),
            (None, Some(number)) => {
                nearer(number.into()).filter_map(|n| i64::try_from(n).ok()).map(Value::from).collect()
            }
            (None, None) => Vec::new(),
        },
        Value::String(text) => match text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok()) {
            Some(bytes) => calldata(&bytes).into_iter().map(|bytes| Bytes::from(bytes).to_string().into()).collect(),
            None => texts(text),
        },
        Value::Array(items) => {
            let mut all: Vec<Value> = shorter(items).into_iter().map(Value::Array).collect();
            for (at, item) in items.iter().enumerate() {
                all.extend(values(item).into_iter().map(|simple| {
                    let mut items = items.clone();
                    items[at] = simple;
                    Value::Array(items)
                }));
            }
            all
        }
        Value::Object(members) => objects(value, members),
    }
}

/// No flaw instead of one, what is inside instead of what is around it, a member left out or made simpler.
fn objects(value: &Value, members: &Map<String, Value>) -> Vec<Value> {
    let mut all = vec![Value::from("none")];
    if let (1, Some(inner @ Value::Object(_))) = (members.len(), members.values().next()) {
        all.push(inner.clone());
    }
    for (name, member) in members {
        all.push(with(value, name, None));
        all.extend(values(member).into_iter().map(|simple| with(value, name, Some(simple))));
    }
    all
}

/// The object with another member, or without it.
fn with(object: &Value, name: &str, member: Option<Value>) -> Value {
    let mut object = object.clone();
    if let Some(members) = object.as_object_mut() {
        match member {
            Some(member) => members.insert(name.to_owned(), member),
            None => members.shift_remove(name),
        };
    }
    object
}

/// Zero, and then ever nearer to the number.
fn nearer(number: i128) -> impl Iterator<Item = i128> {
    let gaps = std::iter::successors(Some(number), |gap| Some(gap / 2));
    gaps.take_while(|gap| *gap != 0).map(move |gap| number - gap)
}

/// Without all of it, without each half, and so on down to a single element.
fn shorter<T: Clone>(list: &[T]) -> Vec<Vec<T>> {
    parts(list.len())
        .map(|(from, to)| {
            let mut rest = list.to_vec();
            rest.drain(from..to);
            rest
        })
        .collect()
}

/// The whole, its halves, and so on down to single elements: where each begins and ends.
fn parts(length: usize) -> impl Iterator<Item = (usize, usize)> {
    let sizes = std::iter::successors(Some(length), |size| Some(size / 2)).take_while(|size| *size > 0);
    sizes.flat_map(move |size| (0..length).step_by(size).map(move |from| (from, (from + size).min(length))))
}

/// Calldata that ends sooner, and calldata with zeros in it.
fn calldata(bytes: &[u8]) -> Vec<Vec<u8>> {
    let ends =
        nearer(bytes.len() as i128).filter_map(|length| Some(bytes.get(..usize::try_from(length).ok()?)?.to_vec()));
    let zeros = |begin: usize| {
        parts(bytes.len().saturating_sub(begin)).map(move |(from, to)| (begin + from, begin + to)).filter_map(
            |(from, to)| {
                let mut zeroed = bytes.to_vec();
                zeroed.get_mut(from..to)?.fill(0);
                (zeroed != bytes).then_some(zeroed)
            },
        )
    };
    ends.chain(zeros(SELECTOR)).chain(zeros(0)).collect()
}

/// Texts that end sooner; the name of nothing, where it is shorter.
fn texts(text: &str) -> Vec<Value> {
    let characters: Vec<char> = text.chars().collect();
    let ends = nearer(characters.len() as i128).filter_map(|length| characters.get(..usize::try_from(length).ok()?));
    let nothing = (characters.len() > "none".len()).then_some("none".to_owned());
    ends.map(|end| end.iter().collect::<String>()).chain(nothing).map(Value::from).collect()
}
