//! The authority of a contract that is `AccessManaged`, as small as it gets, for tests of that contract alone.

use alloy::primitives::{Address, hex};
use eyre::Result;

use crate::{chain::Chain, deploy};

/// A contract that answers `canCall(caller, target, selector)` with yes, at once, for one caller, and with no for all
/// others.
///
/// # Errors
/// Where it cannot be created.
pub async fn letting(chain: &Chain, caller: Address) -> Result<Address> {
    // CALLDATALOAD of the first argument, EQ with the caller, MSTORE at 0; RETURN of two words: the answer, no delay.
    let code = [&hex!("6004 35 73")[..], caller.as_slice(), &hex!("14 6000 52 6040 6000 f3")].concat();
    chain.create(deploy::init_code(&code)).await
}
