//! Comparing two answers under the mask.

use super::{Entry, Mask, Rule, fees::Fees};
use serde_json::Value;
use std::collections::HashMap;

/// Compares answers, and remembers what hashes were answered as, so that they can be checked against each other.
#[derive(Debug)]
pub struct Comparer<'a> {
    mask: &'a Mask,
    /// By recorded value: what the node under test answered in its place.
    seen: HashMap<String, Value>,
    /// What the recorded receipts say of fees, and what the node's own do.
    fees: [Fees; 2],
}

/// A value that no rule of the mask covers.
#[derive(Debug, Clone, PartialEq)]
pub struct Mismatch {
    /// Keys of the answer, joined by dots.
    pub path: String,
    /// What Nitro answered.
    pub recorded: Value,
    /// What the node under test answered.
    pub answered: Value,
}

impl<'a> Comparer<'a> {
    /// A comparer that has seen nothing yet.
    pub fn new(mask: &'a Mask) -> Self {
        Self { mask, seen: HashMap::new(), fees: Default::default() }
    }

    /// Reads what later answers depend on, whether this one is compared or not.
    pub fn read(&mut self, entry: &Entry, answered: &Value) {
        if entry.method() == "eth_getTransactionReceipt" {
            let [recorded, own] = &mut self.fees;
            recorded.read(&entry.answer()["result"]);
            own.read(&answered["result"]);
        }
    }

    /// Every difference between the recorded answer and `answered`.
    pub fn compare(&mut self, entry: &Entry, answered: &Value) -> Vec<Mismatch> {
        let mask = self.mask;
        let rules: Vec<&Rule> = mask.rules_for(entry).into_iter().map(|k| &mask.rules[k]).collect();
        let (seen, fees) = (&mut self.seen, &self.fees);
        let mut walk = Walk { rules, seen, fees, free: entry.free, path: vec![], found: vec![] };
        walk.values(&entry.answer(), answered);
        walk.found
    }
}

struct Walk<'a> {
    rules: Vec<&'a Rule>,
    seen: &'a mut HashMap<String, Value>,
    fees: &'a [Fees; 2],
    free: bool,
    path: Vec<String>,
    found: Vec<Mismatch>,
}

impl Walk<'_> {
    fn differ(&mut self, recorded: Value, answered: Value) {
        self.found.push(Mismatch { path: self.path.join("."), recorded, answered });
    }

    fn values(&mut self, recorded: &Value, answered: &Value) {
        let container = recorded.is_object() || recorded.is_array();
        let rule = self.rules.iter().copied().find(|rule| (rule.set || !container) && rule.names(&self.path));
        if let Some(rule) = rule {
            return self.masked(rule, recorded, answered);
        }
        match (recorded, answered) {
            (Value::Object(_), Value::Object(_)) => self.objects(recorded, answered),
            (Value::Array(a), Value::Array(b)) => {
                if a.len() != b.len() {
                    self.path.push("length".into());
                    self.differ(a.len().into(), b.len().into());
                    self.path.pop();
                }
                for (k, (x, y)) in a.iter().zip(b).enumerate() {
                    self.at(k.to_string(), x, y);
                }
            }
            _ if self.free && self.is_wording() && kind(recorded) == kind(answered) => {}
            _ if !equal(recorded, answered) => self.differ(recorded.clone(), answered.clone()),
            _ => {}
        }
    }

    fn at(&mut self, key: String, recorded: &Value, answered: &Value) {
        self.path.push(key);
        self.values(recorded, answered);
        self.path.pop();
    }

    fn objects(&mut self, recorded: &Value, answered: &Value) {
        let (Value::Object(a), Value::Object(b)) = (recorded, answered) else { return };
        for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
            let absent = || Value::from("(absent)");
            match (a.get(key), b.get(key)) {
                (Some(x), Some(y)) => self.at(key.clone(), x, y),
                (x, y) => {
                    self.path.push(key.clone());
                    if !self.rules.iter().any(|rule| rule.optional && rule.names(&self.path)) {
                        self.differ(x.cloned().unwrap_or_else(absent), y.cloned().unwrap_or_else(absent));
                    }
                    self.path.pop();
                }
            }
        }
    }

    fn masked(&mut self, rule: &Rule, recorded: &Value, answered: &Value) {
        let fits = if kind(recorded) != kind(answered) {
            false
        } else if rule.set {
            in_order(recorded) == in_order(answered)
        } else if let (false, Value::String(a), Value::String(b)) = (rule.bytes.is_empty(), recorded, answered) {
            blank(a, &rule.bytes) == blank(b, &rule.bytes)
        } else if rule.fees {
            let [of_recorded, of_answered] = self.fees;
            let rest = of_recorded.taken_from(recorded);
            rest.is_some() && rest == of_answered.taken_from(answered)
        } else if rule.same {
            self.seen.entry(recorded.to_string()).or_insert_with(|| answered.clone()) == answered
        } else {
            true
        };
        if !fits {
            self.differ(recorded.clone(), answered.clone());
        }
    }

    /// Whether this is the text of an error rather than its code.
    fn is_wording(&self) -> bool {
        self.path.iter().any(|key| key == "error")
            && self.path.last().is_some_and(|key| key == "message" || key == "data")
    }
}

/// The JSON type.
fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}

/// Numbers are equal by value (1e3 is 1000.0), whole ones to the last digit; all else as it stands.
fn equal(a: &Value, b: &Value) -> bool {
    let whole = |text: &str| text.bytes().all(|c| c.is_ascii_digit() || c == b'-');
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => {
            x == y || (!(whole(x.as_str()) && whole(y.as_str())) && x.as_f64().is_some() && x.as_f64() == y.as_f64())
        }
        _ => a == b,
    }
}

/// The text with dots in place of the byte ranges of its hex.
fn blank(hex: &str, ranges: &[(usize, isize)]) -> Vec<u8> {
    let mut bytes = hex.as_bytes().to_vec();
    for &(from, to) in ranges {
        let end = usize::try_from(to).map_or(bytes.len(), |to| (2 + 2 * to).min(bytes.len()));
        if let Some(range) = bytes.get_mut((2 + 2 * from).min(end)..end) {
            range.fill(b'.');
        }
    }
    bytes
}

/// The value with its lists in an order of their own.
fn in_order(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(in_order).collect();
            items.sort_by_cached_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(map) => {
            let mut keys: Vec<_> = map.iter().map(|(key, item)| (key.clone(), in_order(item))).collect();
            keys.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(keys.into_iter().collect())
        }
        _ => value.clone(),
    }
}
