//! A deployed program against Solidity: the decoder and encoder as the chain runs them, in 32 bits.

use alloy::primitives::{Bytes, keccak256};
use encodings::{cases::case_of, lists::LISTS};
use eyre::{Result, ensure};
use harness::{chain::Chain, deploy};

use crate::twin::{
    arguments,
    solidity::{Twin, call},
};

/// `hashProposal` hashes the encoding of its arguments, which takes both directions of the layer through the program that
/// is deployed. Solidity's decoder must accept the same calldata, and its encoding must have the same hash.
#[tokio::test(flavor = "multi_thread")]
async fn the_governor_reads_damaged_calldata_as_solidity_does() -> Result<()> {
    const CASES: usize = 1000;
    /// The place in the lists of `(address[], uint256[], bytes[], bytes32)`, the parameters of `hashProposal`.
    const LIST: usize = 4;

    let chain = Chain::start()?;
    let twin = Twin::deploy(&chain).await?;
    // A pure function needs no constructor to have run.
    let governor = deploy::unconstructed(&chain, "governor").await?;

    let (mut accepted, mut refused) = (0, 0);
    for (_, arguments) in arguments(case_of(LISTS[LIST]), CASES) {
        let encoding = twin.again(LIST, &arguments).await?;
        let theirs = encoding.map(|encoding| Bytes::from(keccak256(encoding).to_vec()));
        let ours = call(&chain, governor, "hashProposal(address[],uint256[],bytes[],bytes32)", &arguments).await?;
        ensure!(ours == theirs, "{}\nours   {ours:?}\ntheirs {theirs:?}", Bytes::from(arguments));
        *(if ours.is_some() { &mut accepted } else { &mut refused }) += 1;
    }
    ensure!(accepted > CASES / 5 && refused > CASES / 5, "{accepted} accepted, {refused} refused");
    Ok(())
}
