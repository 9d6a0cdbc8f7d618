//! The slots that a transaction touches, each under the contract whose storage it is.
//!
//! Nitro's lists (`eth_createAccessList`, `prestateTracer`) name the slots of a program under its *caller*, and so those
//! that ArbOS reads for a precompile. `stylusTracer` says which program asked for which slot: what is left after that is
//! EVM code's own.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, Bytes, U256};
use eyre::{OptionExt, Result};
use nitro::ARBOS_STATE;
use serde::Deserialize;
use serde_json::{Value, json};

/// What a message did.
#[derive(Clone, Debug)]
pub struct Touched {
    /// The slots, by contract. Those of an account whose own key signed the message are left out.
    pub slots: BTreeMap<Address, BTreeSet<U256>>,
    /// Gas that it used.
    pub gas: u64,
    /// Why it failed, if it did.
    pub error: Option<String>,
}

/// What [`Touched::read`] needs of a `debug_trace…`; more options may be added.
pub fn tracer() -> Value {
    let prestate = json!({ "includeEmpty": true, "disableCode": true });
    let config = json!({ "callTracer": { "onlyTopCall": true }, "prestateTracer": prestate, "stylusTracer": {} });
    json!({ "tracer": "muxTracer", "tracerConfig": config })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Trace {
    call_tracer: Call,
    prestate_tracer: BTreeMap<Address, Account>,
    stylus_tracer: Vec<HostCall>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Call {
    from: Address,
    to: Option<Address>,
    gas_used: U256,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Account {
    #[serde(default)]
    storage: BTreeMap<B256, B256>,
}

#[derive(Deserialize)]
struct HostCall {
    name: String,
    args: Bytes,
    address: Option<Address>,
    #[serde(default)]
    steps: Vec<HostCall>,
}

/// A frame: whose storage it works on, and who called it.
#[derive(Clone, Copy)]
struct Frame {
    storage: Address,
    caller: Address,
}

/// The slots of programs: where they are, and under whom they are listed.
#[derive(Default)]
struct OfPrograms {
    own: BTreeMap<Address, BTreeSet<U256>>,
    listed: BTreeMap<Address, BTreeSet<U256>>,
}

impl OfPrograms {
    fn walk(&mut self, steps: &[HostCall], frame: Frame) {
        for step in steps {
            match (step.name.as_str(), step.address) {
                ("storage_load_bytes32" | "storage_cache_bytes32", _) => {
                    let slot = U256::from_be_slice(step.args.get(..32).unwrap_or_default());
                    self.own.entry(frame.storage).or_default().insert(slot);
                    self.listed.entry(frame.caller).or_default().insert(slot);
                }
                (name, Some(_)) if name.ends_with("delegate_call_contract") => self.walk(&step.steps, frame),
                (_, Some(address)) => self.walk(&step.steps, Frame { storage: address, caller: frame.storage }),
                _ => {}
            }
        }
    }
}

impl Touched {
    /// Reads the answer to a [`tracer`].
    ///
    /// # Errors
    /// Where it is none.
    pub fn read(trace: Value) -> Result<Self> {
        let Trace { call_tracer: call, mut prestate_tracer, stylus_tracer } = serde_json::from_value(trace)?;
        let frame = Frame { storage: call.to.ok_or_eyre("a message has a contract")?, caller: call.from };
        let mut programs = OfPrograms::default();
        programs.walk(&stylus_tracer, frame);
        let of_arbos = prestate_tracer.remove(&ARBOS_STATE).map(|account| account.storage).unwrap_or_default();
        let mut slots = programs.own;
        for (address, account) in prestate_tracer.into_iter().filter(|(address, _)| *address != call.from) {
            let foreign = programs.listed.remove(&address).unwrap_or_default();
            let keys = account.storage.into_keys().filter(|key| !of_arbos.contains_key(key));
            let own: BTreeSet<U256> =
                keys.map(|key| U256::from_be_bytes(key.0)).filter(|slot| !foreign.contains(slot)).collect();
            if !own.is_empty() {
                slots.entry(address).or_default().extend(own);
            }
        }
        Ok(Self { slots, gas: call.gas_used.saturating_to(), error: call.error })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A proxy (0x9) that reads slot 1 of its own and delegates to a program, which reads slot 2 and calls a token (0xb),
    /// a program that writes slot 3. Nitro lists 2 under the sender and 3 under the proxy.
    #[test]
    fn each_slot_is_its_contract_s() {
        let account = |slots: &[u64]| {
            let storage = slots.iter().map(|slot| (B256::from(U256::from(*slot)).to_string(), json!(B256::ZERO)));
            json!({ "balance": "0x0", "storage": storage.collect::<serde_json::Map<_, _>>() })
        };
        let at = Address::with_last_byte;
        let host = |name: &str, slot: u64| json!({ "name": name, "args": B256::from(U256::from(slot)), "outs": "0x" });
        let call = |name: &str, to: u8, steps: Value| json!({ "name": name, "args": "0x", "outs": "0x", "address": at(to), "steps": steps });
        let token = call("call_contract", 0xb, json!([host("storage_cache_bytes32", 3), host("msg_value", 0)]));
        let logic = call("evm_delegate_call_contract", 0xa, json!([host("storage_load_bytes32", 2), token]));
        let trace = json!({
            "callTracer": { "from": at(1), "to": at(9), "gasUsed": "0x5208" },
            "prestateTracer": {
                at(1).to_string(): account(&[2, 77]),
                at(9).to_string(): account(&[1, 3, 78]),
                at(0xb).to_string(): { "balance": "0x0" },
                ARBOS_STATE.to_string(): account(&[78]),
            },
            "stylusTracer": [logic],
        });
        let touched = Touched::read(trace).unwrap();
        let expected = [(at(9), vec![1, 2]), (at(0xb), vec![3])];
        let expected = expected.map(|(at, slots)| (at, slots.into_iter().map(U256::from).collect()));
        assert_eq!(touched.slots, BTreeMap::from(expected));
        assert_eq!((touched.gas, touched.error), (21_000, None));
    }
}
