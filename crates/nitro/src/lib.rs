//! What Arbitrum Nitro fixes, written once: how a program's code begins, limits, the development chain, addresses and the
//! precompiles' interfaces. Each constant names its source; a test finds any that is written a second time.
//!
//! Without the feature `alloy` there are only numbers and bytes, and no dependency.

#[cfg(feature = "alloy")]
mod addresses;
#[cfg(feature = "alloy")]
mod contracts;
#[cfg(feature = "alloy")]
mod dev;
mod limits;
#[cfg(feature = "alloy")]
mod precompiles;
mod prefix;

#[cfg(feature = "alloy")]
pub use addresses::*;
#[cfg(feature = "alloy")]
pub use contracts::{CacheManager, StylusDeployer};
#[cfg(feature = "alloy")]
pub use dev::{DEV_ACCOUNT, DEV_KEY};
pub use limits::{CHAIN_ID, MAX_CODE, MAX_WASM, MAX_WASM_60, PAGE_LIMIT};
#[cfg(feature = "alloy")]
pub use precompiles::*;
pub use prefix::{FRAGMENT, PROGRAM, PROGRAM_WITHOUT_DICTIONARY, ROOT};
