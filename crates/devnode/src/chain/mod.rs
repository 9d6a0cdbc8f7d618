//! The chain: blocks, the thread that makes them, and the state behind them.

mod admission;
mod block;
mod cheats;
mod clock;
mod conditions;
mod cursor;
mod handle;
mod ledger;
mod maker;
mod pool;
mod produce;
mod rlp;
mod sequencer;
mod settings;
mod shared;
mod simulate;
mod style;
mod transaction;
mod unsigned;
mod waiting;
mod workers;

pub use admission::SendError;
pub use block::{ArbosInfo, Block, Body, Included, Receipt};
pub use cheats::CheatError;
pub use clock::Past;
pub use conditions::{Conditions, KnownStorage};
pub use cursor::Cursor;
pub use handle::Chain;
pub use pool::Pooled;
pub use sequencer::{L1BlockNumberFell, Sequencer};
pub use simulate::{EstimateError, GAS_CAP, Simulation};
pub use style::{Next, Style};
pub use transaction::{DecodeError, Kind, SignatureError, Transaction};
pub use unsigned::Unsigned;
pub(crate) use workers::calls_may_run_here;
