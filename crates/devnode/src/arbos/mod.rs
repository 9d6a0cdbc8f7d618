//! What Arbitrum adds to the EVM: ArbOS 51, as Nitro v3.9.8 has it, or ArbOS 60, as v3.10 does.
//!
//! ArbOS keeps its state in the slots of one account ([`storage`]); what lies where says [`layout`]. Code meets it
//! through precompiles ([`precompiles`]), execution through [`ArbOs`] (prices of L1 data, fees, the records of Stylus
//! programs), and the chain through [`genesis()`], [`StartBlock`] and [`header_info`].

mod address_set;
mod addresses;
mod base_fee;
mod block;
mod genesis;
mod hooks;
mod l1_estimate;
mod l1_pricing;
mod l2_pricing;
mod layout;
mod ledgers;
mod math;
mod merkle;
mod multi_gas;
mod poster;
mod precompiles;
mod pricing;
mod programs;
mod shown;
mod storage;
mod upgrade;

pub(crate) use addresses::precompile_name;
pub use addresses::{ARBOS, BATCH_POSTER, HISTORY_STORAGE, L1_PRICER_FUNDS};
pub(crate) use block::next_base_fee_slot;
pub use block::{HeaderInfo, StartBlock, header_info, speed_limit};
pub use genesis::{GenesisAccount, genesis};
pub use hooks::ArbOs;
pub use l1_estimate::{L1Estimate, l1_estimate};
pub use l2_pricing::INITIAL_BASE_FEE;
pub(crate) use precompiles::alias;
pub use precompiles::render_error;
pub use pricing::{L1PriceModel, PriceModel, pricing, waiting_tickets};
pub(crate) use storage::ARBOS_STATE;
