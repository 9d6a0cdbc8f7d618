//! What host calls work on: the program's memory and ink, and the machine that runs it.

use std::fmt;

use alloy_primitives::{Address, Bytes, U256};
use revm::interpreter::SharedMemory;
use wasmtime::{Caller, Error, Global, Memory, Val};

use super::prices;
use crate::{
    evm::{self, Machine, ProgramTerms, Resource, Resources},
    stylus::storage_cache::StorageCache,
    trace::{HostCall, Look, Sink},
};

/// Data of a program's store.
pub(crate) struct Env {
    /// The machine that called the program, to be used for its calls and given back at the end.
    pub(crate) machine: Machine,
    /// The frame it runs in.
    pub(crate) frame: Frame,
    /// Terms it runs on.
    pub(crate) terms: ProgramTerms,
    /// Calldata.
    pub(crate) args: Bytes,
    /// What it wrote as its result.
    pub(crate) outs: Vec<u8>,
    /// What its last call or creation returned.
    pub(crate) return_data: Bytes,
    /// Code that it read last.
    pub(crate) last_code: Option<(Address, Bytes)>,
    /// Storage it read and wrote.
    pub(crate) cache: StorageCache,
    /// Refund counter of the frame, in gas.
    pub(crate) refund: i64,
    /// Gas that its host calls account for, all that its callees used included. The rest is its own computation.
    pub(crate) accounted: u64,
    /// Exports of its instance, set before it runs.
    pub(crate) handles: Option<Handles>,
}

impl Env {
    /// Accounts for gas that a host call takes for a resource. Nothing takes that back, not even if it cannot be paid.
    pub(crate) fn account_for(&mut self, resource: Resource, gas: u64) {
        self.accounted = self.accounted.saturating_add(gas);
        self.machine.context.chain.count_for(resource, gas);
    }

    /// Accounts for gas of several resources.
    pub(crate) fn account_for_all(&mut self, gas: &Resources) {
        self.accounted = self.accounted.saturating_add(gas.total());
        self.machine.context.chain.count(gas);
    }

    /// Accounts for the touch of a slot or an account, at its price: a first touch reads, the rest is computation.
    pub(crate) fn account_for_touch(&mut self, gas: u64) {
        self.account_for(Resource::StorageRead, gas - prices::gas::WARM);
        self.account_for(Resource::Computation, prices::gas::WARM);
    }

    /// Tells who records the message, if anybody does.
    pub(crate) fn tell(&mut self, tell: impl FnOnce(&mut dyn Sink, &dyn Look)) {
        let context = &mut self.machine.context;
        if let Some(refund) = context.chain.counted.refunds.last_mut() {
            *refund = self.refund;
        }
        evm::tell(context, tell);
    }
}

/// The frame of a program.
pub(crate) struct Frame {
    /// Under whose address it acts.
    pub(crate) address: Address,
    /// Who called it.
    pub(crate) caller: Address,
    /// Wei it was called with.
    pub(crate) value: U256,
    /// Whether state must not change.
    pub(crate) is_static: bool,
    /// Whether its address is on the stack already.
    pub(crate) is_reentrant: bool,
    /// Depth of the call.
    pub(crate) depth: usize,
    /// EVM memory of the frame: empty, but the memory of its calls begins where it ends.
    pub(crate) memory: SharedMemory,
}

/// Exports of a program's instance.
#[derive(Clone, Copy)]
pub(crate) struct Handles {
    /// Its memory.
    pub(crate) memory: Memory,
    /// Ink left.
    pub(crate) ink: Global,
    /// 1 when the ink ran out.
    pub(crate) status: Global,
}

/// Ways out of a program other than returning.
#[derive(Debug)]
pub(crate) enum Escape {
    /// It has no ink left.
    OutOfInk,
    /// It left early with this status.
    Exit(u32),
    /// It did what it must not; the text is for who debugs it.
    Trap(&'static str),
}

impl fmt::Display for Escape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfInk => f.write_str("out of ink"),
            Self::Exit(status) => write!(f, "exit early: {status}"),
            Self::Trap(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Escape {}

/// A host call in progress.
pub(super) struct Host<'a> {
    caller: Caller<'a, Env>,
    /// Ink that was left before it.
    start: u64,
}

/// What a host call gives.
pub(super) type Outcome<T = ()> = Result<T, Error>;

impl<'a> Host<'a> {
    /// Begins a host call and takes its base price.
    pub(super) fn begin(caller: Caller<'a, Env>, ink: u64) -> Outcome<Self> {
        let mut host = Self::free(caller);
        match host.start.checked_sub(ink) {
            Some(left) if !host.env().machine.context.chain.must_stop() => host.set_ink(left),
            _ => return host.out_of_ink(),
        }
        Ok(host)
    }

    /// Begins a host call that takes nothing yet.
    pub(super) fn free(caller: Caller<'a, Env>) -> Self {
        let mut host = Self { caller, start: 0 };
        host.start = host.ink();
        host
    }

    pub(super) fn env(&mut self) -> &mut Env {
        self.caller.data_mut()
    }

    pub(super) fn env_ref(&self) -> &Env {
        self.caller.data()
    }

    /// Whether somebody records what programs ask.
    pub(super) fn is_recorded(&self) -> bool {
        let recorder = self.env_ref().machine.context.chain.recorder.as_ref();
        recorder.is_some_and(|recorder| recorder.takes_host_calls())
    }

    /// Records that the call was made: what it was given and what it answers.
    pub(super) fn record(&mut self, name: &'static str, args: Vec<u8>, outs: Vec<u8>) {
        let (start_ink, end_ink) = (self.start, self.ink());
        let call = HostCall { name, args: args.into(), outs: outs.into(), start_ink, end_ink, inner: None };
        self.env().tell(|recorder, state| recorder.host_call(call, state));
    }

    fn handles(&self) -> Handles {
        self.caller.data().handles.expect("set before the program runs")
    }

    /// Ink that is left.
    pub(super) fn ink(&mut self) -> u64 {
        match self.handles().ink.get(&mut self.caller) {
            Val::I64(ink) => ink as u64,
            _ => unreachable!("metering made it an i64"),
        }
    }

    fn set_ink(&mut self, ink: u64) {
        let set = self.handles().ink.set(&mut self.caller, Val::I64(ink as i64));
        set.expect("metering made it mutable");
    }

    /// Leaves the program without ink.
    pub(super) fn out_of_ink<T>(&mut self) -> Outcome<T> {
        self.set_ink(0);
        let set = self.handles().status.set(&mut self.caller, Val::I32(1));
        set.expect("metering made it mutable");
        Err(Escape::OutOfInk.into())
    }

    /// Takes ink.
    pub(super) fn buy_ink(&mut self, price: u64) -> Outcome {
        match self.ink().checked_sub(price) {
            Some(left) => {
                self.set_ink(left);
                Ok(())
            }
            None => self.out_of_ink(),
        }
    }

    /// Gas that is left, rounded down.
    pub(super) fn gas_left(&mut self) -> u64 {
        self.ink() / self.ink_price()
    }

    /// Takes gas.
    pub(super) fn buy_gas(&mut self, gas: u64) -> Outcome {
        let price = gas.saturating_mul(self.ink_price());
        self.buy_ink(price)
    }

    /// Makes sure that so much gas is left, without taking it.
    pub(super) fn require_gas(&mut self, gas: u64) -> Outcome {
        if self.ink() < gas.saturating_mul(self.ink_price()) {
            return self.out_of_ink();
        }
        Ok(())
    }

    /// Ink of one gas.
    pub(super) fn ink_price(&self) -> u64 {
        u64::from(self.env_ref().terms.ink_price).max(1)
    }

    /// Takes the price of reading bytes from the program.
    pub(super) fn pay_for_read(&mut self, bytes: u32) -> Outcome {
        self.buy_ink(prices::read(bytes))
    }

    /// Takes the price of writing bytes into the program.
    pub(super) fn pay_for_write(&mut self, bytes: u32) -> Outcome {
        self.buy_ink(prices::write(bytes))
    }

    /// Bytes of the program's memory.
    pub(super) fn bytes(&self, ptr: u32, len: u32) -> Outcome<&[u8]> {
        let memory = self.handles().memory.data(&self.caller);
        let start = ptr as usize;
        memory.get(start..start.saturating_add(len as usize)).ok_or_else(|| OUT_OF_BOUNDS.into())
    }

    fn fixed<const N: usize>(&self, ptr: u32) -> Outcome<[u8; N]> {
        let bytes = self.bytes(ptr, N as u32)?;
        Ok(bytes.try_into().expect("N bytes were asked for"))
    }

    /// Reads an address.
    pub(super) fn read_address(&self, ptr: u32) -> Outcome<Address> {
        self.fixed(ptr).map(Address::new)
    }

    /// Reads a number.
    pub(super) fn read_u256(&self, ptr: u32) -> Outcome<U256> {
        self.fixed(ptr).map(U256::from_be_bytes::<32>)
    }

    /// Writes bytes.
    pub(super) fn write(&mut self, ptr: u32, bytes: &[u8]) -> Outcome {
        let memory = self.handles().memory.data_mut(&mut self.caller);
        let start = ptr as usize;
        let dest = memory.get_mut(start..start.saturating_add(bytes.len()));
        let dest = dest.ok_or(OUT_OF_BOUNDS)?;
        dest.copy_from_slice(bytes);
        Ok(())
    }

    /// Writes bytes that the environment holds, picked by `source`, without copying them first.
    pub(super) fn write_from(&mut self, ptr: u32, source: impl FnOnce(&Env) -> &[u8]) -> Outcome {
        let memory = self.handles().memory;
        let (memory, env) = memory.data_and_store_mut(&mut self.caller);
        let bytes = source(env);
        let start = ptr as usize;
        let dest = memory.get_mut(start..start.saturating_add(bytes.len()));
        let dest = dest.ok_or(OUT_OF_BOUNDS)?;
        dest.copy_from_slice(bytes);
        Ok(())
    }

    /// Writes a number in the byte order of WASM.
    pub(super) fn write_u32(&mut self, ptr: u32, value: u32) -> Outcome {
        self.write(ptr, &value.to_le_bytes())
    }
}

const OUT_OF_BOUNDS: Escape = Escape::Trap("memory access out of bounds");

/// Ends the program as a trap does.
pub(super) fn trap<T>(text: &'static str) -> Outcome<T> {
    Err(Escape::Trap(text).into())
}
