//! What is simpler than a script: settings as they are by default, fewer steps, and in each step smaller numbers, shorter
//! lists and texts, calldata with less in it. Steps are data with a JSON form, and this works on that form: it knows
//! nothing of the kinds of steps, and what it makes that is no step is dropped. Nothing here ever grows, so that whoever
//! goes from one script to a simpler one comes to an end.

use alloy::primitives::{Bytes, hex};
use eyre::Result;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{script::Script, setup::Setup};

/// Where calldata has its selector, before the words.
const SELECTOR: usize = 4;

/// Anything that is simpler, one after the other: there are too many to have them all at once.
type Simpler<T> = Box<dyn Iterator<Item = T>>;

/// Scripts that are simpler by one change, the largest changes first.
///
/// # Errors
/// None that a script can have: JSON writes every one.
pub fn simpler(script: &Script) -> Result<impl Iterator<Item = Script> + use<>> {
    let whole = script.clone();
    let settings = settings(&whole.setup)?.into_iter().map(move |setup| Script { setup, ..whole.clone() });
    let setup = script.setup.clone();
    let steps = simpler_steps(&script.steps).map(move |steps| Script { setup: setup.clone(), steps });
    Ok(settings.chain(steps))
}

/// Steps that are simpler by one change, the largest changes first: fewer of them, and then a simpler one.
pub(crate) fn simpler_steps<S>(steps: &[S]) -> impl Iterator<Item = Vec<S>> + use<S>
where
    S: Clone + PartialEq + Serialize + DeserializeOwned,
{
    let whole = steps.to_vec();
    let fewer = shorter(whole.clone());
    let smaller = (0..steps.len()).flat_map(move |at| {
        let whole = whole.clone();
        variants(whole[at].clone()).map(move |simple| {
            let mut steps = whole.clone();
            steps[at] = simple;
            steps
        })
    });
    fewer.chain(smaller)
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
        let smaller = values(value.clone()).map(Some);
        let candidates = std::iter::once(default.cloned()).chain(smaller);
        all.extend(candidates.filter_map(|value| serde_json::from_value(with(&given, name, value)).ok()));
    }
    Ok(all)
}

/// What is simpler than a step.
fn variants<S: PartialEq + Serialize + DeserializeOwned>(step: S) -> impl Iterator<Item = S> {
    let all = serde_json::to_value(&step).into_iter().flat_map(values);
    // Nothing, and a member left out that was nothing, are the same.
    all.filter_map(|value| serde_json::from_value(value).ok()).filter(move |simple| *simple != step)
}

/// What is simpler than a value, whatever it means.
fn values(value: Value) -> Simpler<Value> {
    match value {
        Value::Null | Value::Bool(false) => Box::new(std::iter::empty()),
        Value::Bool(true) => Box::new(std::iter::once(Value::Bool(false))),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Box::new(nearer(number.into()).filter_map(|n| Some(u64::try_from(n).ok()?.into()))),
            (_, Some(number)) => Box::new(nearer(number.into()).filter_map(|n| Some(i64::try_from(n).ok()?.into()))),
            _ => Box::new(std::iter::empty()),
        },
        Value::String(text) => match text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok()) {
            Some(bytes) => Box::new(calldata(bytes).map(|bytes| Bytes::from(bytes).to_string().into())),
            None => Box::new(texts(&text).into_iter()),
        },
        Value::Array(items) => {
            let fewer = shorter(items.clone()).map(Value::Array);
            let smaller = (0..items.len()).flat_map(move |at| {
                let items = items.clone();
                values(items[at].clone()).map(move |simple| {
                    let mut items = items.clone();
                    items[at] = simple;
                    Value::Array(items)
                })
            });
            Box::new(fewer.chain(smaller))
        }
        Value::Object(members) => Box::new(objects(members)),
    }
}

/// No flaw instead of one, what is inside instead of what is around it, a member left out or made simpler.
fn objects(members: Map<String, Value>) -> impl Iterator<Item = Value> {
    let inner = match (members.len(), members.values().next()) {
        (1, Some(inner @ Value::Object(_))) => Some(inner.clone()),
        _ => None,
    };
    let whole = Value::Object(members.clone());
    let changed = members.into_iter().flat_map(move |(name, member)| {
        let whole = whole.clone();
        let left_out = std::iter::once(None);
        left_out.chain(values(member).map(Some)).map(move |member| with(&whole, &name, member))
    });
    std::iter::once(Value::from("none")).chain(inner).chain(changed)
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
fn shorter<T: Clone>(list: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    parts(list.len()).map(move |(from, to)| [&list[..from], &list[to..]].concat())
}

/// The whole, its halves, and so on down to single elements: where each begins and ends.
fn parts(length: usize) -> impl Iterator<Item = (usize, usize)> {
    let sizes = std::iter::successors(Some(length), |size| Some(size / 2)).take_while(|size| *size > 0);
    sizes.flat_map(move |size| (0..length).step_by(size).map(move |from| (from, (from + size).min(length))))
}

/// Calldata that ends sooner, and calldata with zeros in it.
fn calldata(bytes: Vec<u8>) -> impl Iterator<Item = Vec<u8>> {
    let whole = bytes.clone();
    let ends =
        nearer(bytes.len() as i128).filter_map(move |end| Some(whole.get(..usize::try_from(end).ok()?)?.to_vec()));
    let words = parts(bytes.len().saturating_sub(SELECTOR)).map(|(from, to)| (from + SELECTOR, to + SELECTOR));
    let zeros = words.chain(parts(bytes.len())).filter_map(move |(from, to)| {
        let mut zeroed = bytes.clone();
        zeroed.get_mut(from..to)?.fill(0);
        (zeroed != bytes).then_some(zeroed)
    });
    ends.chain(zeros)
}

/// Texts that end sooner; the name of nothing, where it is shorter.
fn texts(text: &str) -> Vec<Value> {
    let characters: Vec<char> = text.chars().collect();
    let ends = nearer(characters.len() as i128).filter_map(|length| characters.get(..usize::try_from(length).ok()?));
    let nothing = (characters.len() > "none".len()).then_some("none".to_owned());
    ends.map(|end| end.iter().collect::<String>()).chain(nothing).map(Value::from).collect()
}
