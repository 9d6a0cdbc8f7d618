//! Ether sent along with a call that takes none: nobody could get it out of the governor or the token again.
//!
//! Safe because a function that is not declared `payable` refuses it before it reads its arguments. The list is read from the
//! declarations: a new function is covered by itself.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256, hex};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use consilium_abi_syntax::{Mutability, contracts};
use eyre::{Result, ensure};
use harness::dao::Dao;
use harness::declared::{call, calldata};
use harness::deploy::init_code;
use harness::root;

#[tokio::test(flavor = "multi_thread")]
async fn ether_is_refused_by_all_functions_that_do_not_take_it() -> Result<()> {
    let dao = Dao::start().await?;
    let rich = yielding_account(&dao).await?;
    let places = dao.places().await?;
    let (mut refusing, mut taking) = (0, 0);
    for (_, interface) in contracts(root())? {
        let name = interface.contract_name();
        let at = places[&name];
        for function in interface.all_functions() {
            let signature = function.signature();
            let [without, with] = [
                call(&dao.chain, at, rich, 0, calldata(function)).await?,
                call(&dao.chain, at, rich, 1, calldata(function)).await?,
            ];
            if function.mutability == Mutability::Payable {
                ensure!(is_same(&with, &without), "{name}.{signature}: {without:?} without ether, {with:?} with it");
                taking += 1;
            } else {
                ensure!(with == Err(Bytes::new()), "{name}.{signature}: takes ether and answers {with:?}");
                ensure!(without != with, "{name}.{signature}: this test cannot tell why it is refused");
                refusing += 1;
            }
        }
    }
    ensure!(refusing > 0 && taking > 0, "{refusing} functions refuse ether, {taking} take it");
    Ok(())
}

/// Whether ether made no difference. An error may tell how much was sent.
fn is_same(with: &Result<Bytes, Bytes>, without: &Result<Bytes, Bytes>) -> bool {
    match (with, without) {
        (Err(with), Err(without)) => with.get(..4) == without.get(..4),
        _ => with == without,
    }
}

/// A contract with ether that answers each question with the question's selector, as an access manager asks it of a target
/// that consumes its operation.
async fn yielding_account(dao: &Dao) -> Result<Address> {
    // PUSH1 0, CALLDATALOAD, PUSH1 0, MSTORE; PUSH1 32, PUSH1 0, RETURN
    let account = dao.chain.create(init_code(&hex!("60003560005260206000f3"))).await?;
    let gift = TransactionRequest::default().with_to(account).with_value(U256::from(1));
    ensure!(dao.chain.dev.send_transaction(gift).await?.get_receipt().await?.status(), "the gift was refused");
    Ok(account)
}
