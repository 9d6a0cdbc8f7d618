//! The accounts of twins: contracts that make the calls they are given, and log what each answered.

use alloy::primitives::Address;
use eyre::Result;

use crate::{chain::Chain, peers::Peer};

alloy::sol! {
    /// `tests/peers/src/Actor.sol`, which says what each function does.
    #[allow(missing_docs)]
    interface Actor {
        event Answered(uint256 indexed index, bool success, bytes data);
        event Drained(uint256 indexed index);
        function each(address[] targets, bytes[] calls) external;
        function act(address target, uint256 value, bytes data) external;
        function spare(address target, uint256 value, bytes data, uint256 allowance)
            external returns (bool success, bytes answer);
        function probe(address target, uint256 allowance, uint256 value, bytes[] calls) external;
    }
}

/// So many actors, freshly made.
///
/// # Errors
/// Where they cannot be created.
pub async fn actors(chain: &Chain, count: usize) -> Result<Vec<Address>> {
    let actor = Peer::load("Actor")?;
    let mut actors = Vec::new();
    for _ in 0..count {
        actors.push(chain.create(actor.bytecode.clone()).await?);
    }
    Ok(actors)
}
