//! The context that code, ArbOS and programs share while a message runs.

use std::{borrow::Cow, convert::Infallible, sync::Arc};

use alloy_primitives::{Address, B256, Bytes, U256};
use revm::{
    Context as RevmContext, Journal,
    context::{BlockEnv, CfgEnv, LocalContext, TxEnv, journaled_state::account::JournaledAccountTr},
    database_interface::{Database, DatabaseRef, WrapDatabaseRef},
    primitives::HashMap,
    state::{Account, Bytecode},
};

use super::{BlockContext, Deadline, Mode, Refusal, Resources, Runtime};
use crate::{ArbosVersion, trace::Sink};

/// Native stack that a thread must have which executes messages, in bytes (virtual: only what is used is held).
///
/// 1,024 nested calls, the deepest the EVM allows, stay well below it, unless each of them uses up the stack that its
/// program may have: then the deepest of them fail as if the limit had been reached.
pub const STACK_BYTES: usize = 512 << 20;

/// How often the clock is not looked at when it could be: of frames, host calls and recorded instructions together.
const PATIENCE: u32 = 31;

/// The state that a message is executed on: a block's, with overrides perhaps.
pub trait ReadableState: DatabaseRef<Error = Infallible> + Send + Sync {}

impl<T: DatabaseRef<Error = Infallible> + Send + Sync> ReadableState for T {}

/// [`ReadableState`] as revm takes it.
pub type State = WrapDatabaseRef<Arc<dyn ReadableState>>;

/// revm's context with our [`Session`] in it.
pub type Context = RevmContext<BlockEnv, TxEnv, CfgEnv, State, Journal<State>, Session, LocalContext>;

/// What lives as long as one message and is not state.
pub struct Session {
    /// Programs and ArbOS, shared by all threads.
    pub runtime: Arc<Runtime>,
    /// The block.
    pub block: BlockContext,
    /// Why the message is executed.
    pub mode: Mode,
    /// Sender of the message (`ORIGIN`).
    pub origin: Address,
    /// Price of a gas as paid and as `GASPRICE` reads it, in wei.
    pub gas_price: U256,
    /// Price of a gas as it was offered, in wei: what programs read. Nitro sets it before it takes the tip off for `GASPRICE`.
    pub offered_price: U256,
    /// Gas that pays for L1 data; not refundable.
    pub poster_gas: u64,
    /// Wei that pays for L1 data.
    pub poster_fee: U256,
    /// Gas held back above the cap of a transaction, given back at the end.
    pub held_gas: u64,
    /// Gas that was taken and is counted for no resource: that of programs which could not pay for their start (ArbOS 60). Below
    /// zero if more was counted than taken: a program pays for what its host did from what it has left, if that suffices or not.
    pub(crate) lost_gas: i64,
    /// Gas that was used for other resources than computation, if ArbOS asks for it.
    pub(crate) resources: Option<Resources>,
    /// Memory pages that running programs hold now, in pages of 64 KiB.
    pub pages_open: u16,
    /// Most pages that were ever held at once in this message.
    pub pages_ever: u16,
    /// `msg.sender` of each frame that runs, the innermost last.
    pub(crate) senders: Vec<Address>,
    /// Address of something on the native stack when the message began.
    stack_base: usize,
    /// How often each address is on the call stack under its own storage (delegate calls do not count).
    pub(crate) spans: HashMap<Address, u32>,
    /// Why the frame at a depth failed, where the interpreter's result does not say it.
    pub(crate) failure: Option<(usize, Cow<'static, str>)>,
    /// Records what happens, if somebody asked for it.
    pub(crate) recorder: Option<Box<dyn Sink>>,
    /// What is counted for whoever records.
    pub(crate) counted: Counted,
    /// When the message ends, whatever it still does.
    pub(super) deadline: Option<Deadline>,
    /// Why it was ended.
    pub(super) stopped: Option<Refusal>,
    /// Looks at the clock that are left out before the next one.
    patience: u32,
}

/// What is counted while a message is recorded.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    /// Refund counter of each open frame, in gas, the innermost last.
    pub(crate) refunds: Vec<i64>,
    /// Whether ArbOS' internal transaction runs.
    pub(crate) begins_block: bool,
    /// Whether the number of the L1 block was read. It is read once.
    pub(crate) l1_number: bool,
    /// Numbers of the L1 blocks whose hashes were read.
    pub(crate) l1_hashes: Vec<u64>,
}

impl Session {
    /// A session in which nothing has happened yet.
    pub(super) fn new(runtime: Arc<Runtime>, block: BlockContext, mode: Mode) -> Self {
        Self {
            runtime,
            block,
            mode,
            origin: Address::ZERO,
            gas_price: U256::ZERO,
            offered_price: U256::ZERO,
            poster_gas: 0,
            poster_fee: U256::ZERO,
            held_gas: 0,
            lost_gas: 0,
            resources: None,
            pages_open: 0,
            pages_ever: 0,
            senders: Vec::new(),
            stack_base: stack_pointer(),
            spans: HashMap::default(),
            failure: None,
            recorder: None,
            counted: Counted::default(),
            deadline: None,
            stopped: None,
            patience: 0,
        }
    }

    /// Version of ArbOS.
    pub(crate) fn version(&self) -> ArbosVersion {
        self.block.version
    }

    /// Whether a precompile runs at an address.
    pub(crate) fn runs_precompile(&self, address: Address) -> bool {
        let known = self.block.moved.at(address);
        known.is_some_and(|known| self.runtime.warm_precompiles(self.version()).contains(&known))
    }

    /// Whether anybody needs the reason why a frame at that depth failed: of the outermost always, of others if the message is
    /// recorded.
    pub(super) fn tells_failures_at(&self, depth: usize) -> bool {
        depth == 0 || self.recorder.is_some()
    }

    /// Tells who records the message, if anybody does.
    pub(super) fn record(&mut self, tell: impl FnOnce(&mut dyn Sink)) {
        if let Some(recorder) = &mut self.recorder {
            tell(&mut **recorder);
        }
    }

    /// Whether somebody needs each instruction.
    pub(crate) fn is_watched(&self) -> bool {
        self.recorder.as_ref().is_some_and(|recorder| recorder.watches())
    }

    /// Whether the message is to end at once: its time is over, or who records it has no room for more. Whoever runs code asks
    /// now and then, and leaves it then with all its gas.
    pub(crate) fn must_stop(&mut self) -> bool {
        if self.stopped.is_some() {
            return true;
        }
        if let Some(recorder) = &self.recorder
            && recorder.is_full()
        {
            self.stopped = Some(Refusal::TraceTooLarge(recorder.room()));
        } else if let Some(deadline) = &self.deadline {
            match self.patience.checked_sub(1) {
                Some(left) => self.patience = left,
                None => {
                    self.patience = PATIENCE;
                    self.stopped = deadline.is_over().then(|| Refusal::TimedOut(deadline.allowed()));
                }
            }
        }
        self.stopped.is_some()
    }

    /// Native stack that is left of [`STACK_BYTES`], in bytes.
    ///
    /// Programs can use much of it at little cost. What the EVM's depth limit and the metering of their stacks allow
    /// together is more than any thread has, so calls end where the stack does.
    pub(crate) fn native_stack_left(&self) -> usize {
        STACK_BYTES.saturating_sub(self.stack_base.saturating_sub(stack_pointer()))
    }
}

/// About where the native stack is.
#[inline(never)]
fn stack_pointer() -> usize {
    let here = 0u8;
    std::ptr::from_ref(&here).addr()
}

/// What ArbOS needs of a context beyond revm's own methods: access to accounts that leaves them cold.
///
/// ArbOS reads and writes outside of the EVM's access lists (EIP-2929): a slot that it touched must not be cheaper for
/// the code that runs after it. All changes are journaled.
pub trait ColdAccess {
    /// Reads a slot of an account of ArbOS.
    fn cold_sload(&mut self, address: Address, slot: U256) -> U256;
    /// Writes a slot of an account of ArbOS.
    fn cold_sstore(&mut self, address: Address, slot: U256, value: U256);
    /// Balance in wei.
    fn cold_balance(&mut self, address: Address) -> U256;
    /// Adds wei out of nothing.
    fn mint(&mut self, address: Address, amount: U256);
    /// Takes wei away; false, and nothing done, if there is less.
    fn burn(&mut self, address: Address, amount: U256) -> bool;
    /// Moves wei; false, and nothing done, if `from` has less.
    fn move_balance(&mut self, from: Address, to: Address, amount: U256) -> bool;
    /// Gives an account a nonce if it has none: it does not count as empty then, and keeps its storage.
    fn preserve(&mut self, address: Address);
    /// Loads an account into the journal without making it warm.
    fn cold_account(&mut self, address: Address) -> &Account;
    /// Code of an account and its hash (the hash of the empty code if it has none).
    fn cold_code(&mut self, address: Address) -> (B256, Bytes);
    /// As [`Self::cold_code`], in revm's form.
    fn cold_bytecode(&mut self, address: Address) -> (B256, Bytecode);
    /// Whether an account would be cold to code that touches it now (EIP-2929).
    fn is_cold(&self, address: Address) -> bool;
}

impl ColdAccess for Context {
    fn cold_sload(&mut self, address: Address, slot: U256) -> U256 {
        self.cold_account(address);
        let (db, inner) = (&mut self.journaled_state.database, &mut self.journaled_state.inner);
        let mut account = inner.get_account_mut(db, address).expect("loaded above");
        match account.sload(slot, false) {
            Ok(load) => load.data.present_value,
            Err(_) => U256::ZERO,
        }
    }

    fn cold_sstore(&mut self, address: Address, slot: U256, value: U256) {
        self.cold_account(address);
        let (db, inner) = (&mut self.journaled_state.database, &mut self.journaled_state.inner);
        let mut account = inner.get_account_mut(db, address).expect("loaded above");
        // The state cannot fail, and nothing is skipped.
        let _ = account.sstore(slot, value, false);
    }

    fn cold_balance(&mut self, address: Address) -> U256 {
        self.cold_account(address).info.balance
    }

    fn mint(&mut self, address: Address, amount: U256) {
        self.cold_account(address);
        let (db, inner) = (&mut self.journaled_state.database, &mut self.journaled_state.inner);
        inner.get_account_mut(db, address).expect("loaded above").incr_balance(amount);
    }

    fn burn(&mut self, address: Address, amount: U256) -> bool {
        self.cold_account(address);
        let (db, inner) = (&mut self.journaled_state.database, &mut self.journaled_state.inner);
        inner.get_account_mut(db, address).expect("loaded above").decr_balance(amount)
    }

    fn move_balance(&mut self, from: Address, to: Address, amount: U256) -> bool {
        if !self.burn(from, amount) {
            return false;
        }
        self.mint(to, amount);
        true
    }

    fn preserve(&mut self, address: Address) {
        if self.cold_account(address).info.nonce == 0 {
            let (db, inner) = (&mut self.journaled_state.database, &mut self.journaled_state.inner);
            inner.get_account_mut(db, address).expect("loaded above").bump_nonce();
        }
    }

    fn cold_account(&mut self, address: Address) -> &Account {
        let (db, inner) = (&mut self.journaled_state.database, &mut self.journaled_state.inner);
        let id = inner.transaction_id;
        inner.state.entry(address).or_insert_with(|| {
            let Ok(info) = db.basic(address);
            let mut account = match info {
                Some(info) => Account::from(info),
                None => Account::new_not_existing(id),
            };
            account.transaction_id = id;
            account.with_cold_mark()
        })
    }

    fn cold_code(&mut self, address: Address) -> (B256, Bytes) {
        let (hash, code) = self.cold_bytecode(address);
        (hash, code.original_bytes())
    }

    fn cold_bytecode(&mut self, address: Address) -> (B256, Bytecode) {
        self.cold_account(address);
        let (db, inner) = (&mut self.journaled_state.database, &mut self.journaled_state.inner);
        let mut account = inner.get_account_mut(db, address).expect("loaded above");
        let hash = *account.code_hash();
        let code = account.load_code().cloned().unwrap_or_default();
        (hash, code)
    }
    fn is_cold(&self, address: Address) -> bool {
        let journal = &self.journaled_state;
        let is_cold = match journal.state.get(&address) {
            Some(account) => account.is_cold_transaction_id(journal.transaction_id),
            None => true,
        };
        is_cold && journal.warm_addresses.is_cold(&address)
    }
}
