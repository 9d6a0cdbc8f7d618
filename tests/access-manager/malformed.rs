//! Malformed calldata and unknown selectors. The walk damages the calldata of every function; here is what each kind does.

use alloy::sol_types::SolCall;
use eyre::Result;

use crate::setup::{CREW, Manager, grant, has, label, member, set_function_role};
use crate::twins::{Managers, Who};

#[tokio::test]
async fn unknown_selectors_are_refused_without_a_reason() -> Result<()> {
    let twins = Managers::start().await?;
    for call in
        [vec![], vec![0xde, 0xad, 0xbe, 0xef], vec![0; 4], vec![0xff; 100], vec![1], vec![0x01, 0xff, 0xc9, 0xa7]]
    {
        twins.call(Who::Admin, call).await?.refused_with(&[]);
    }
    Ok(())
}

#[tokio::test]
async fn calldata_that_is_cut_short_is_refused_at_every_length() -> Result<()> {
    let twins = Managers::start().await?;
    let account = twins.actor(Who::Stranger);
    for whole in
        [grant(CREW, account, 1), has(CREW, account), Manager::getNonceCall { id: [1; 32].into() }.abi_encode()]
    {
        for length in 0..whole.len() {
            twins.call(Who::Admin, &whole[..length]).await?.refused_with(&[]);
        }
        twins.call(Who::Admin, whole).await?.succeeded();
    }
    Ok(())
}

/// A number that is too large for its type is refused, whoever sends it.
#[tokio::test]
async fn dirty_words_are_refused() -> Result<()> {
    let twins = Managers::start().await?;
    let account = twins.actor(Who::Stranger);
    // The byte above each of uint64, address and uint32; that below a bytes4, in the first element of the list.
    let list = set_function_role(account, &[[1, 2, 3, 4].into()], CREW);
    for (mut call, at) in
        [(grant(CREW, account, 1), 4 + 23), (grant(CREW, account, 1), 36 + 11), (grant(CREW, account, 1), 68 + 27)]
    {
        call[at] = 1;
        twins.call(Who::Admin, call.clone()).await?.refused_with(&[]);
        assert!(twins.call(Who::Stranger, call).await?.data.is_empty());
    }
    let mut call = list;
    call[4 + 4 * 32 + 4] = 1;
    twins.call(Who::Admin, call).await?.refused_with(&[]);
    let mut closing = crate::setup::close(account, true);
    *closing.last_mut().expect("a word") = 2;
    twins.call(Who::Admin, closing).await?.refused_with(&[]);
    twins.call(Who::Stranger, has(CREW, account)).await?.returned(member(false, 0));
    Ok(())
}

#[tokio::test]
async fn offsets_and_lengths_out_of_the_calldata_are_refused() -> Result<()> {
    let twins = Managers::start().await?;
    let whole = label(CREW, "a label");
    // The offset of the text, and its length.
    for word in [1, 2] {
        for byte in [0, 23, 24, 29, 30] {
            let mut call = whole.clone();
            call[4 + 32 * word + byte] = 0xff;
            twins.call(Who::Admin, call).await?.refused_with(&[]);
        }
    }
    Ok(())
}

#[tokio::test]
async fn more_calldata_than_there_are_arguments_is_taken() -> Result<()> {
    let twins = Managers::start().await?;
    let account = twins.actor(Who::Stranger);
    let call = [grant(CREW, account, 3), vec![7; 50]].concat();
    twins.call(Who::Admin, call).await?.succeeded();
    twins.call(Who::Stranger, [has(CREW, account), vec![7; 50]].concat()).await?.returned(member(true, 3));
    Ok(())
}
