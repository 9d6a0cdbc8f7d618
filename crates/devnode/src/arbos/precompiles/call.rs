//! One call of a precompile: who calls, and what gas is left.

use crate::{
    ArbosVersion,
    arbos::{
        layout::layout,
        shown,
        storage::{ARBOS_STATE, Ledger},
    },
    evm::{BlockContext, ColdAccess, Context, PrecompileCall, Resource, Resources, tell},
};
use alloy_primitives::{Address, B256, Log, U256};
use alloy_sol_types::{SolError, SolEvent};
use revm::{DatabaseRef, context::JournalTr};

/// A call of a precompile.
pub(super) struct Call<'a> {
    context: &'a mut Context,
    call: &'a PrecompileCall,
    /// The method only looks: it must neither write nor log.
    read_only: bool,
    gas_left: u64,
    /// What the gas was used for.
    resources: Resources,
}

/// Why a method stops.
#[derive(Debug)]
pub(super) enum Halt {
    /// The gas does not suffice; none is left.
    OutOfGas,
    /// A method that only looks tried to write or log.
    WriteProtected,
    /// It reverts with a Solidity error.
    Solidity(Vec<u8>),
    /// An activation failed, for this reason; all gas is taken.
    Activation(String),
    /// It reverts without data. The reason is for who debugs ArbOS; no caller sees it.
    Other(&'static str),
}

impl Halt {
    /// A Solidity error.
    pub(super) fn error(error: impl SolError) -> Self {
        Self::Solidity(error.abi_encode())
    }
}

impl<'a> Call<'a> {
    /// A call that has spent nothing yet.
    pub(super) fn new(context: &'a mut Context, call: &'a PrecompileCall, read_only: bool) -> Self {
        Self { context, call, read_only, gas_left: call.gas_limit, resources: Resources::default() }
    }

    /// Pays for opening ArbOS' state: reading its version.
    pub(super) fn open_state(&mut self) -> Result<(), Halt> {
        self.get(layout().version).map(drop)
    }

    /// `msg.sender` of the call.
    pub(super) fn caller(&self) -> Address {
        self.call.caller
    }

    /// `msg.value` of the call, in wei.
    pub(super) fn value(&self) -> U256 {
        self.call.value
    }

    /// How deep the call is: 1 if the message itself calls the precompile.
    pub(super) fn depth(&self) -> usize {
        self.call.depth + 1
    }

    /// `msg.sender` of the code that calls; zero if the message itself calls the precompile.
    pub(super) fn caller_of_caller(&self) -> Address {
        self.call.caller_of_caller
    }

    /// Version of ArbOS.
    pub(super) fn version(&self) -> ArbosVersion {
        self.context.chain.version()
    }

    /// The block.
    pub(super) fn block(&self) -> &BlockContext {
        &self.context.chain.block
    }

    /// The message's context.
    pub(super) fn context(&mut self) -> &mut Context {
        self.context
    }

    /// Whether an account had code with that hash before this transaction. Nitro looks into its database, which has what
    /// the blocks before have left.
    pub(super) fn was_code(&self, code_hash: B256) -> bool {
        let Ok(code) = self.context.journaled_state.database.0.code_by_hash_ref(code_hash);
        !code.is_empty()
    }

    /// Gas that is left.
    pub(super) fn gas_left(&self) -> u64 {
        self.gas_left
    }

    /// What the gas was used for; computation may be missing.
    pub(super) fn resources(&self) -> Resources {
        self.resources
    }

    /// Burns all gas, as computation.
    pub(super) fn burn_out(&mut self) -> Halt {
        self.gas_left = 0;
        Halt::OutOfGas
    }

    /// Hash of an account's code (zero if there is no account), at the price of a cold account.
    pub(super) fn code_hash(&mut self, address: Address) -> Result<B256, Halt> {
        self.burn(Resource::StorageRead, 2_600)?;
        if self.context.cold_account(address).is_empty() {
            return Ok(B256::ZERO);
        }
        Ok(self.context.cold_code(address).0)
    }

    /// Moves wei, which shows in a trace as a call. False, and nothing done, if `from` has less.
    pub(super) fn transfer(&mut self, from: Address, to: Address, amount: U256) -> bool {
        self.show_transfer(from, to, amount);
        self.context.move_balance(from, to, amount)
    }

    /// Makes wei, as [`Self::transfer`] from nobody.
    pub(super) fn mint(&mut self, to: Address, amount: U256) {
        self.show_transfer(Address::ZERO, to, amount);
        self.context.mint(to, amount);
    }

    /// Destroys wei, as [`Self::transfer`] to nobody.
    pub(super) fn destroy(&mut self, from: Address, amount: U256) -> bool {
        self.show_transfer(from, Address::ZERO, amount);
        self.context.burn(from, amount)
    }

    fn show_transfer(&mut self, from: Address, to: Address, amount: U256) {
        let depth = self.depth();
        tell(self.context, |sink, state| sink.transfer((from, to), amount, depth, state));
    }

    /// Logs an event of the precompile, at the price of the opcode.
    pub(super) fn log(&mut self, event: impl SolEvent) -> Result<(), Halt> {
        self.writable()?;
        let data = event.encode_log_data();
        let gas = 375 + 375 * data.topics().len() as u64 + 8 * data.data.len() as u64;
        // All of it, where that of an opcode or a program is for its bytes alone.
        self.burn(Resource::HistoryGrowth, gas)?;
        self.context.journaled_state.log(Log { address: self.call.address, data });
        Ok(())
    }
}

impl Ledger for Call<'_> {
    type Error = Halt;

    fn load(&mut self, slot: U256) -> U256 {
        self.context.cold_sload(ARBOS_STATE, slot)
    }

    fn save(&mut self, slot: U256, value: U256) {
        self.context.cold_sstore(ARBOS_STATE, slot, value);
    }

    fn burn(&mut self, resource: Resource, gas: u64) -> Result<(), Halt> {
        match self.gas_left.checked_sub(gas) {
            Some(left) => {
                self.gas_left = left;
                self.resources.add(resource, gas);
                Ok(())
            }
            None => Err(self.burn_out()),
        }
    }

    fn shown(&mut self, slot: U256, value: Option<U256>) {
        let by = (self.call.caller, self.depth());
        shown::by_code(self.context, by, slot, value);
    }

    fn writable(&self) -> Result<(), Halt> {
        if self.read_only { Err(Halt::WriteProtected) } else { Ok(()) }
    }
}
