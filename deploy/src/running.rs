//! What a contract of a DAO that stands runs: the program that it was founded with, or what the DAO has upgraded it to.

use alloy::primitives::{Address, B256, keccak256};
use eyre::Result;
use nitro::PROGRAM_WITHOUT_DICTIONARY;

use crate::chain::Chain;
use crate::plan::Planned;
use crate::proxy;

/// The code that a contract runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Running {
    /// Where it stands.
    pub(crate) address: Address,
    /// Its hash.
    pub(crate) code_hash: B256,
    /// Whether it is a Stylus program, which lives for a time. EVM code does not end.
    pub(crate) is_program: bool,
}

/// What a contract runs now: for a proxy, what its ERC-1967 slot says.
pub(crate) async fn of(chain: &Chain, planned: &Planned) -> Result<Running> {
    let founded = Running { address: planned.implementation, code_hash: planned.program.code_hash(), is_program: true };
    if !planned.is_proxied() {
        return Ok(founded);
    }
    let address = implementation(chain, planned.address).await?;
    if address == founded.address {
        return Ok(founded);
    }
    let code = chain.code(address).await?;
    // The byte after these three says how the program is compressed.
    let is_program = code.starts_with(&PROGRAM_WITHOUT_DICTIONARY[..3]);
    Ok(Running { address, code_hash: keccak256(&code), is_program })
}

/// What is in the ERC-1967 slot of a proxy.
async fn implementation(chain: &Chain, at: Address) -> Result<Address> {
    Ok(Address::from_word(chain.storage(at, proxy::SLOT).await?))
}
