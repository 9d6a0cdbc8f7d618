//! Random walks of one contract and its peer: what a contract's folder of tests brings to be taken through random
//! steps.
//!
//! The two stand on two chains that start alike, **at the same address**, with the same accounts and helpers, and each
//! transaction goes to both, byte for byte and at the same second. So nothing has to be translated. After each step the
//! logs (with return or revert data) and all views are compared, and the walk looks at what ours did: it folds the
//! events and states what must hold.
//!
//! A folder of tests implements [`Walk`] and has a test called `walk` that calls [`walked`]. In the test run that is a
//! fixed share; `cargo xtask fuzz --contract NAME` runs the same test for as long as one likes.
//!
//! | module | what it holds |
//! |---|---|
//! | [`pair`] | the two chains |
//! | [`mod@run`] | taking a walk's steps and comparing |
//! | [`signers`] | those who act by signature |
//! | [`messages`] | what they sign, good and flawed |
//! | [`authority`] | the authority that says who may call restricted functions |
//! | [`calls`] | calls with little gas, and calldata that no compiler makes |
//! | [`plan`] | how far a walk goes, and what is printed where it finds a difference |

pub mod authority;
mod calls;
pub mod messages;
pub mod pair;
pub mod plan;
pub mod run;
pub mod signers;

use std::fmt::Debug;

use alloy::primitives::{Address, B256, Bytes, Log, U256};
use proptest::strategy::BoxedStrategy;
use serde::{Serialize, de::DeserializeOwned};

use consilium_deploy::proxy_init_code;

pub use crate::differential::{exceptions::Answer, views::Question};
pub use plan::walked;

/// A contract, its peer, and what can happen to them.
pub trait Walk {
    /// What can happen, as a script writes it: numbers that name people and things by their place.
    type Step: Clone + Debug + PartialEq + Serialize + DeserializeOwned;
    /// What is known while a script runs.
    type World;

    /// The program's name, which is that of its folder.
    const PROGRAM: &'static str;
    /// The peer's name in `tests/peers/src`.
    const PEER: &'static str;
    /// How many accounts act; each is a contract that makes calls.
    const ACTORS: usize;
    /// Whether both are behind a proxy of ours. [`Walk::arguments`] of the peer are then the calldata of its function
    /// `initialize`.
    const BEHIND_PROXY: bool = false;
    /// Whether ours is set up by a function, as the peer is: then [`Walk::arguments`] are the calldata of both.
    const IS_SET_UP: bool = false;
    /// Whether both keep their storage alike: then all slots that were ever touched are compared after each step.
    const STORES_ALIKE: bool = false;
    /// Whether the peer is larger than a chain lets contracts be (EIP-170), so that these chains have no limit.
    const PEER_EXCEEDS_LIMIT: bool = false;
    /// Gas that a call of ours may need beyond what is near the peer's, where it keeps things otherwise on purpose.
    const SPARE_GAS: u64;
    /// Whether [`Walk::looks_at_storage`] ever wants to: then the slots that transactions touch are listed.
    const LISTS_SLOTS: bool = false;

    /// The creation code of the proxy, where there is one.
    fn proxy(implementation: Address) -> Bytes {
        proxy_init_code(implementation)
    }
    /// The constructor's arguments of ours and of the peer.
    fn arguments(cast: &Cast) -> [Vec<u8>; 2];
    /// Contracts that both sides have, made before ours and the peer, and their constructors' arguments. They come
    /// first among the helpers. `at` says where the one with a number, from 0, is going to be.
    fn before(at: &dyn Fn(usize) -> Address) -> Vec<(&'static str, Vec<u8>)> {
        let _ = at;
        Vec::new()
    }
    /// Contracts that both sides have, and their constructors' arguments. They are made after both.
    fn helpers(contract: Address) -> Vec<(&'static str, Vec<u8>)> {
        let _ = contract;
        Vec::new()
    }
    /// What is known at the start.
    fn world(cast: &Cast) -> Self::World;
    /// So many steps.
    fn steps(count: usize) -> BoxedStrategy<Vec<Self::Step>>;
    /// What a step means now, in seconds since 1970.
    fn resolve(world: &mut Self::World, step: &Self::Step, now: u64) -> Todo;
    /// Calls with damaged calldata are about to be made by an actor, at once.
    fn damaging(world: &mut Self::World, by: usize, calls: &[Bytes], now: u64) {
        let _ = (world, by, calls, now);
    }
    /// Whether the contract's storage is to be looked at after a step that logged this.
    fn looks_at_storage(logs: &[Log]) -> bool {
        let _ = logs;
        false
    }
    /// All that is asked after each step.
    fn questions(world: &Self::World, now: u64) -> Vec<Question>;
    /// Looks at what a step did, which both did alike. What is wrong with it, if something is.
    fn look(world: &mut Self::World, done: &Done<'_>) -> Option<String>;
    /// Words that mean something to the contract, for calldata that is damaged.
    fn known(world: &Self::World) -> Vec<U256>;
}

/// Who there is.
#[derive(Clone, Debug)]
pub struct Cast {
    /// The contract, on both chains.
    pub contract: Address,
    /// Its code: another address where it is behind a proxy.
    pub implementation: Address,
    /// Those who make calls.
    pub actors: Vec<Address>,
    /// The helpers, in the order of [`Walk::before`], then of [`Walk::helpers`].
    pub helpers: Vec<Address>,
}

/// A call that an actor makes.
#[derive(Clone, Debug)]
pub struct Call {
    /// Which of the actors.
    pub by: usize,
    /// Whom it calls.
    pub to: Address,
    /// With so many wei.
    pub wei: u64,
    /// With this calldata.
    pub data: Bytes,
    /// With so many 128ths of the least gas that gives the answer which plenty gives, instead of plenty.
    pub share: Option<u16>,
}

/// What a step means.
#[derive(Clone, Debug)]
pub enum Todo {
    /// A call.
    Call(Call),
    /// So many seconds pass. None, and the next call is made at the same second.
    Wait(u64),
    /// A call of every function by an actor with damaged calldata, drawn from this number.
    Damage(usize, u64),
    /// Nothing, as there is nothing to do it with.
    Nothing,
}

/// What a step did.
#[derive(Debug)]
pub struct Done<'a> {
    /// The call, where it was one.
    pub call: Option<&'a Call>,
    /// What it answered, where it was one.
    pub answer: Option<&'a Answer>,
    /// What ours and its targets logged.
    pub logs: &'a [Log],
    /// Damaged calls, where it was those.
    pub damaged: Option<Damaged<'a>>,
    /// What is in all slots of ours that were ever touched, where [`Walk::looks_at_storage`].
    pub storage: Option<&'a [B256]>,
    /// The second at which it happened.
    pub now: u64,
    /// What was asked before the step and after it.
    pub before: &'a [(Question, Answer)],
    /// The same after it.
    pub after: &'a [(Question, Answer)],
}

/// Damaged calls that were made one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Damaged<'a> {
    /// Which of the actors made them.
    pub by: usize,
    /// With so many wei each.
    pub wei: u64,
    /// The calldata, and what ours answered.
    pub calls: &'a [(Bytes, Answer)],
}

/// Whether an account is one of ArbOS' precompiles: it has code that nobody deployed, and refuses functions it does not have.
pub fn is_arbos(account: Address) -> bool {
    let low = account[19];
    let is_one = matches!(low, 0x64..=0x69 | 0x6b..=0x73 | 0xff);
    is_one && account == Address::with_last_byte(low)
}
