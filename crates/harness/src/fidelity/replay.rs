//! Sending a recording to a node.

use super::{
    Call, Client, Comparer, Difference, Entry, Exceptions, Key, Mask, Recording, Report, Times, times::makes_block,
};
use eyre::{Context, Result};
use regex::Regex;
use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet},
    thread,
    time::{Duration, Instant},
};

/// How long a receipt is looked for that Nitro had.
const RECEIPT: Duration = Duration::from_secs(10);

/// Which answers are compared. Everything before the last of them is sent, since later state stands on it.
#[derive(Debug, Default)]
pub struct Selection {
    groups: Vec<String>,
    steps: Option<Regex>,
}

impl Selection {
    /// Only these groups (all if empty), and only the steps that a regular expression finds.
    ///
    /// # Errors
    /// If the expression is malformed.
    pub fn new(groups: Vec<String>, steps: Option<&str>) -> Result<Self> {
        let steps = steps.map(Regex::new).transpose().wrap_err("--step takes a regular expression")?;
        Ok(Self { groups, steps })
    }

    fn takes(&self, entry: &Entry) -> bool {
        (self.groups.is_empty() || self.groups.iter().any(|group| group == entry.group()))
            && self.steps.as_ref().is_none_or(|steps| steps.is_match(&entry.step))
    }
}

/// Sends a recording to a fresh node, and compares what it answers. With `times` the node makes its blocks at these, which
/// is for a devnode alone: another node's clock cannot be set.
///
/// `progress` is told, after each request, how many of how many are done.
///
/// # Errors
/// If the node cannot be reached or does not speak JSON-RPC. Differences are no error: they are in the report.
pub fn replay(
    url: &str,
    recording: &Recording,
    times: Option<&Times>,
    mask: &Mask,
    exceptions: &Exceptions,
    selection: &Selection,
    mut progress: impl FnMut(usize, usize),
) -> Result<Report> {
    let started = Instant::now();
    let last = recording.entries.iter().rposition(|entry| selection.takes(entry)).map_or(0, |at| at + 1);
    let entries = &recording.entries[..last];
    let mut replayer = Replayer::new(url, entries, times.map_or(&[], |times| &times.seconds[..]))?;
    let mut comparer = Comparer::new(mask);
    let blocks = times.map(|times| (times.equal, times.seconds.len()));
    let mut report = Report { excepted: vec![0; exceptions.list.len()], blocks, ..Report::default() };
    let mut done = 0;
    while let Some(entry) = entries.get(done) {
        if entry.race {
            // Sent at once and not compared: which of them comes first is chance.
            let racing = entries[done..].iter().take_while(|next| next.race && next.method() == entry.method()).count();
            race(url, &entries[done..done + racing])?;
            report.group(entry.group()).requests += racing;
            done += racing;
            progress(done, last);
            continue;
        }
        if let Some(at) = exceptions.skipping(entry) {
            report.excepted[at] += 1;
            report.group(entry.group()).excepted.insert(entry.step.clone());
            done += 1;
            continue;
        }
        let answered = replayer.send(entry)?;
        comparer.read(entry, &answered);
        let group = report.group(entry.group());
        group.requests += 1;
        group.steps.insert(entry.step.clone());
        if selection.takes(entry) {
            group.compared += 1;
            for mismatch in comparer.compare(entry, &answered) {
                if let Some(at) = exceptions.covering(entry, &mismatch) {
                    report.excepted[at] += 1;
                    report.group(entry.group()).excepted.insert(entry.step.clone());
                    continue;
                }
                let group = report.group(entry.group());
                group.differing.insert(entry.step.clone());
                group.differences.push(Difference {
                    n: entry.n,
                    step: entry.step.clone(),
                    method: entry.method().to_owned(),
                    path: mismatch.path,
                    recorded: mismatch.recorded,
                    answered: mismatch.answered,
                });
            }
        }
        done += 1;
        progress(done, last);
    }
    report.took = started.elapsed();
    Ok(report)
}

struct Replayer<'a> {
    client: Client,
    /// When the blocks that are still to be made are made.
    times: &'a [u64],
    /// Entries whose answers later requests take values from.
    needed: HashSet<u64>,
    kept: HashMap<u64, Value>,
    /// Hashes of the transactions that the node took.
    accepted: HashSet<String>,
}

impl<'a> Replayer<'a> {
    fn new(url: &str, entries: &[Entry], times: &'a [u64]) -> Result<Self> {
        let needed = entries.iter().flat_map(|entry| &entry.take).map(|take| take.n).collect();
        let client = Client::new(url)?;
        let mut replayer = Self { client, times, needed, kept: HashMap::new(), accepted: HashSet::new() };
        replayer.set_time()?;
        Ok(replayer)
    }

    /// Sets the time of the next block.
    fn set_time(&mut self) -> Result<()> {
        if let Some((time, later)) = self.times.split_first() {
            self.client.call(0, "evm_setNextBlockTimestamp", &json!([time]))?;
            self.times = later;
        }
        Ok(())
    }

    fn send(&mut self, entry: &Entry) -> Result<Value> {
        let answered = match &entry.call {
            Call::Http { http, .. } => self.client.http(http)?.to_compare(),
            Call::Rpc { method, params, result, .. } => {
                let params = self.with_taken(entry, params);
                let mut answered = self.client.call(entry.n, method, &params)?;
                if makes_block(method) && !answered["result"].is_null() {
                    self.accepted.extend(answered["result"].as_str().map(str::to_owned));
                    self.set_time()?;
                }
                // A transaction that was refused has no receipt, however long one waits.
                let accepted = || params[0].as_str().is_some_and(|hash| self.accepted.contains(hash));
                let due = method == "eth_getTransactionReceipt" && !result.is_null() && accepted();
                let started = Instant::now();
                while due && answered == json!({ "result": null }) && started.elapsed() < RECEIPT {
                    thread::sleep(Duration::from_millis(10));
                    answered = self.client.call(entry.n, method, &params)?;
                }
                answered
            }
        };
        if self.needed.contains(&entry.n) {
            self.kept.insert(entry.n, answered.clone());
        }
        Ok(answered)
    }

    /// The parameters with what the node under test answered earlier. Where that answer lacks the value, the recorded
    /// one stays: the difference shows at the earlier entry.
    fn with_taken(&self, entry: &Entry, params: &Value) -> Value {
        let mut params = params.clone();
        for take in &entry.take {
            let value = self.kept.get(&take.n).and_then(|answer| dig(answer, &take.path)).cloned();
            if let (Some(place), Some(value)) = (dig_mut(&mut params, &take.to), value) {
                *place = value;
            }
        }
        params
    }
}

fn race(url: &str, entries: &[Entry]) -> Result<()> {
    thread::scope(|scope| {
        let sent: Vec<_> = entries
            .iter()
            .map(|entry| {
                scope.spawn(move || match &entry.call {
                    Call::Rpc { method, params, .. } => Client::new(url)?.call(entry.n, method, params).map(drop),
                    Call::Http { http, .. } => Client::new(url)?.http(http).map(drop),
                })
            })
            .collect();
        sent.into_iter().try_for_each(|one| one.join().unwrap_or_else(|_| Err(eyre::eyre!("a request panicked"))))
    })
}

fn dig<'a>(value: &'a Value, path: &[Key]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| match key {
        Key::Index(at) => value.get(at),
        // An object's key may look like a position, and a list's position is never a name.
        Key::Name(name) => value.get(name).or_else(|| value.get(name.parse::<usize>().ok()?)),
    })
}

fn dig_mut<'a>(value: &'a mut Value, path: &[Key]) -> Option<&'a mut Value> {
    path.iter().try_fold(value, |value, key| match key {
        Key::Index(at) => value.get_mut(at),
        Key::Name(name) => value.get_mut(name),
    })
}
