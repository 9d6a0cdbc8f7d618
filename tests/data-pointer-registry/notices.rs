//! Posting, withdrawing and reading.

use alloy::{
    primitives::{Address, B256, U256, aliases::U48},
    sol_types::SolEvent,
};
use consilium_bindings::DataPointerRegistry::*;
use eyre::Result;

use crate::setup::{Board, LIFETIME};

const CONTENT: B256 = B256::repeat_byte(0xc0);
const ID: U256 = U256::ZERO;

/// Posts at a time that is known, and returns when the notice ends.
async fn posted(board: &Board) -> Result<u64> {
    let now = board.chain.now().await? + 10;
    board.chain.set_time(now).await?;
    let ends_at = now + u64::from(LIFETIME);
    let event = NoticePosted { id: ID, author: board.clerk.address(), content: CONTENT, endsAt: U48::from(ends_at) };
    board.logs(&board.clerk, postCall { content: CONTENT }, &[event.encode_log_data()]).await?;
    Ok(ends_at)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_read_as_it_was_posted_and_ends_to_the_second() -> Result<()> {
    let board = Board::start().await?;
    let ends_at = posted(&board).await?;
    assert_eq!(board.read(countCall {}).await?, U256::from(1));
    let notice = board.read(noticeCall { id: ID }).await?;
    assert_eq!((notice.author, notice.content), (board.clerk.address(), CONTENT));
    assert_eq!(notice.endsAt, U48::from(ends_at));
    board.chain.advance_to(ends_at - 1).await?;
    assert!(board.read(isCurrentCall { id: ID }).await?);
    board.chain.advance_to(ends_at).await?;
    assert!(!board.read(isCurrentCall { id: ID }).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_notice_is_over() -> Result<()> {
    let board = Board::start().await?;
    posted(&board).await?;
    let event = NoticeWithdrawn { id: ID, by: board.clerk.address() };
    board.logs(&board.clerk, withdrawCall { id: ID }, &[event.encode_log_data()]).await?;
    assert!(!board.read(isCurrentCall { id: ID }).await?);
    let ended = DataPointerRegistryEndedNotice { id: ID, endedAt: board.read(noticeCall { id: ID }).await?.endsAt };
    board.refuses(board.clerk.address(), withdrawCall { id: ID }, ended).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_refused() -> Result<()> {
    let board = Board::start().await?;
    let clerk = board.clerk.address();
    let missing = DataPointerRegistryNonexistentNotice { id: ID };
    board.refuses(clerk, noticeCall { id: ID }, missing.clone()).await?;
    board.refuses(clerk, withdrawCall { id: ID }, missing).await?;
    board.refuses(clerk, postCall { content: B256::ZERO }, DataPointerRegistryEmptyContent {}).await?;
    assert!(!board.read(isCurrentCall { id: ID }).await?);
    Ok(())
}

/// Every restricted function, before its arguments are looked at.
#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_refused() -> Result<()> {
    let board = Board::start().await?;
    let caller = board.stranger.address();
    let refusal = AccessManagedUnauthorized { caller };
    board.refuses(caller, postCall { content: B256::ZERO }, refusal.clone()).await?;
    board.refuses(caller, withdrawCall { id: ID }, refusal.clone()).await?;
    board.refuses(caller, setAuthorityCall { newAuthority: Address::ZERO }, refusal).await
}
