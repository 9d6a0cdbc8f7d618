//! The decoder and encoder of `consilium-abi` against those that `solc` generates, run on the chain.

use alloy::primitives::Bytes;
use eyre::{Result, ensure};
use harness::chain::Chain;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use encodings::{
    cases::{Case, case},
    lists::{LISTS, again},
};
use solidity::Twin;

pub(crate) mod solidity;

/// As many calls as the layer's trial was compared by.
const CASES: usize = 3000;

/// Four calls in five carry damaged arguments. Both must refuse the same ones and read the rest alike.
#[tokio::test(flavor = "multi_thread")]
async fn damaged_calls_are_read_or_refused_alike() -> Result<()> {
    let chain = Chain::start()?;
    let twin = Twin::deploy(&chain).await?;
    let (mut accepted, mut refused) = (0, 0);
    for (case, arguments) in arguments(case(), CASES) {
        let index = LISTS.iter().position(|list| *list == case.list).expect("one of the lists");
        let theirs = twin.again(index, &arguments).await?;
        let ours = again(case.list, &arguments);
        ensure!(ours == theirs, "{} {}\nours   {ours:02x?}\ntheirs {theirs:02x?}", case.list, Bytes::from(arguments));
        *(if ours.is_some() { &mut accepted } else { &mut refused }) += 1;
    }
    // A comparison of one kind only would prove little.
    ensure!(accepted > CASES / 4 && refused > CASES / 4, "{accepted} accepted, {refused} refused");
    Ok(())
}

/// `count` cases with the arguments to call with, the same on every run; every fifth is left whole.
pub(crate) fn arguments(cases: impl Strategy<Value = Case>, count: usize) -> impl Iterator<Item = (Case, Vec<u8>)> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..count).map(move |number| {
        let case = cases.new_tree(&mut runner).expect("no case is rejected").current();
        let arguments = if number % 5 == 0 { case.valid() } else { case.damaged() };
        (case, arguments)
    })
}
