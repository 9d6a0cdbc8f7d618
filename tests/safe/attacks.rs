//! Attacks on a Safe, on ours and on Safe's own at once: both must stand, and alike. More of them are where the rules
//! are tested that they are about: twins of signatures and offsets into them in `signatures.rs`, owners that cannot be
//! in `setup.rs` and `owners.rs`, a second setup in `setup.rs`, the singleton in `singleton.rs`, starved calls in
//! `low_gas.rs`, guards and modules in `guard.rs`.

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::signers::SignerSync;
use alloy::sol_types::{SolCall, SolStruct, eip712_domain};
use consilium_bindings::Safe;
use eyre::Result;
use harness::peers;

use crate::transaction::{By, SafeTx, call, delegate, signatures};
use crate::twins::{Helpers, SENTINEL, Safes, Side, Token, gs, setup};

fn log() -> Vec<u8> {
    Helpers::logCall { data: b"paid out".into() }.abi_encode()
}

fn store(slot: u64, word: B256) -> Vec<u8> {
    Helpers::storeCall { slot: U256::from(slot), word }.abi_encode()
}

/// Who was an owner when it signed, and is none when the transaction is sent.
#[tokio::test]
async fn a_removed_owner_s_signatures_and_approvals_are_worth_nothing() -> Result<()> {
    let safes = Safes::start().await?;
    let removed = safes.actors[0];
    let before = safes.owners()[2];
    // It signs and approves the transaction that follows its removal.
    let next = SafeTx { nonce: U256::from(1), ..call(safes.target, log()) };
    let hashes = [safes.ours, safes.peer].map(|side| next.hash(side.safe));
    safes.stands_for(hashes[0], hashes[1]);
    let hash = |side: &Side| if side.safe == safes.ours.safe { hashes[0] } else { hashes[1] };
    let approve = |side: &Side| Safe::approveHashCall { hashToApprove: hash(side) }.abi_encode();
    safes.each_raw(0, approve).await?.succeeded();
    safes.change(Safe::removeOwnerCall { prevOwner: before, owner: removed, threshold: U256::from(2) }).await?;
    let by = [By::Key(safes.keys[0].clone()), By::Approval(removed)];
    for actor in [0, 1] {
        let execution = |side: &Side| next.execution(signatures(hash(side), &by));
        safes.each_raw(actor, execution).await?.refused_with(&gs(26));
    }
    // Nor may it approve any more.
    safes.call(0, Safe::approveHashCall { hashToApprove: B256::ZERO }).await?.refused_with(&gs(30));
    // An approval has no end: who is an owner again has approved what it approved.
    let again = Safe::addOwnerWithThresholdCall { owner: removed, threshold: U256::from(2) };
    safes.change(again).await?;
    let approved = |side: &Side| Safe::approvedHashesCall { owner: removed, hash: hash(side) }.abi_encode();
    safes.each_raw(1, approved).await?.returned(U256::ONE);
    Ok(())
}

/// The same owners have a Safe elsewhere: what they signed there is nothing here.
#[tokio::test]
async fn signatures_for_another_chain_or_another_safe_are_worth_nothing() -> Result<()> {
    let safes = Safes::start().await?;
    let tx = call(safes.target, log());
    let signed = |chain_id: u64, safe: Address| {
        let domain = eip712_domain! { chain_id: chain_id, verifying_contract: safe, };
        signatures(tx.eip712_signing_hash(&domain), &safes.two())
    };
    let chain = nitro::CHAIN_ID;
    safes.stands_for(tx.hash(safes.ours.safe), tx.hash(safes.peer.safe));
    for (other_chain, other_safe) in [(chain + 1, false), (1, false), (42_161, false), (0, false), (chain, true)] {
        let execution = |side: &Side| {
            let safe = if other_safe { side.singleton } else { side.safe };
            tx.execution(signed(other_chain, safe))
        };
        safes.each_raw(1, execution).await?.refused_with(&gs(26));
    }
    // Nor is a signature of the bare struct, or of the data without the domain.
    let bare = SolStruct::eip712_hash_struct(&tx);
    safes.each_raw(1, |_| tx.execution(signatures(bare, &safes.two()))).await?.refused_with(&gs(26));
    safes.each_raw(1, |side| tx.execution(signed(chain, side.safe))).await?.returned(true);
    Ok(())
}

/// Code that owners run by mistake can put another code's address into slot 0. The Safe is that code's then, with all
/// that is stored: so its owners can also move from our singleton to Safe's own and back.
#[tokio::test]
async fn the_slot_of_the_code_is_the_owners_to_write() -> Result<()> {
    let safes = Safes::start().await?;
    let (ours, peer, safe) = (safes.ours.singleton, safes.peer.singleton, safes.ours.safe);
    let execute = async |tx: SafeTx| -> Result<bool> {
        let nonce = safes.chain.ask(safe, safe, Safe::nonceCall {}.abi_encode()).await?.output::<Safe::nonceCall>();
        let tx = SafeTx { nonce, ..tx };
        let execution = tx.execution(signatures(tx.hash(safe), &safes.two()));
        Ok(safes.sender.send(safe, execution).await?.status())
    };
    for (round, singleton) in [peer, ours, peer, ours].into_iter().enumerate() {
        assert!(execute(delegate(safes.target, store(0, singleton.into_word()))).await?);
        let owners = safes.chain.ask(safe, safe, Safe::getOwnersCall {}.abi_encode()).await?;
        assert_eq!(owners.output::<Safe::getOwnersCall>().len(), 5 + round);
        let (owner, threshold) = (Address::repeat_byte(0x40 + round as u8), U256::from(2));
        let add = Safe::addOwnerWithThresholdCall { owner, threshold }.abi_encode();
        assert!(execute(call(safe, add)).await?, "round {round}");
    }
    // An account without code answers everything with nothing, for ever.
    let safes = Safes::start().await?;
    let nobody = Address::repeat_byte(0x66);
    safes.execute(1, delegate(safes.target, store(0, nobody.into_word())), &safes.two()).await?;
    for actor in [0, 1] {
        let answer = safes.at(actor, |side| (side.safe, Safe::getOwnersCall {}.abi_encode())).await?;
        assert!(answer.succeeded().data.is_empty());
    }
    Ok(())
}

/// A threshold of zero can only be written by code that the owners run. Nobody else gains by it: the Safe executes
/// nothing, and its list of modules keeps it from being set up again.
#[tokio::test]
async fn a_safe_without_a_threshold_is_nobodys() -> Result<()> {
    let safes = Safes::start().await?;
    safes.execute(1, delegate(safes.target, store(4, B256::ZERO)), &safes.two()).await?.returned(true);
    let attacker = safes.actors[2];
    safes.call(2, setup(&[attacker], 1)).await?.refused_with(&gs(100));
    safes.call(2, setup(&[safes.owners()[0]], 1)).await?.refused_with(&gs(204));
    safes.execute(2, call(safes.target, log()), &[]).await?.refused_with(&gs(1));
    safes.execute(2, call(safes.target, log()), &safes.two()).await?.refused_with(&gs(1));
    Ok(())
}

/// Modules do what they like, but a Safe keeps an owner and a threshold.
#[tokio::test]
async fn a_module_cannot_remove_the_last_owner() -> Result<()> {
    let safes = crate::owners::with_module().await?;
    let owners = safes.owners();
    for owner in &owners[..4] {
        let call = Safe::removeOwnerCall { prevOwner: SENTINEL, owner: *owner, threshold: U256::ONE };
        safes.by_module(call).await?;
    }
    let last = owners[4];
    for (threshold, number) in [(0, 202), (1, 201), (2, 201)] {
        let call = Safe::removeOwnerCall { prevOwner: SENTINEL, owner: last, threshold: U256::from(threshold) };
        assert_eq!(safes.refusal(call).await?, gs(number));
    }
    safes.view(Safe::getThresholdCall {}).await?.returned(U256::ONE);
    // It may replace it: a module is trusted with everything.
    safes.by_module(Safe::swapOwnerCall { prevOwner: SENTINEL, oldOwner: last, newOwner: owners[0] }).await
}

impl Safes {
    /// Lets the module make the Safe call itself, with success.
    async fn by_module(&self, call: impl SolCall) -> Result<()> {
        let data: Bytes = call.abi_encode().into();
        let answer = self
            .each_raw(2, |side| {
                let (to, value, data) = (side.safe, U256::ZERO, data.clone());
                Safe::execTransactionFromModuleCall { to, value, data, operation: 0 }.abi_encode()
            })
            .await?;
        answer.returned(true);
        Ok(())
    }
}

/// The token that a refund is paid in calls the Safe again: with the transaction that is running, and with what only
/// the Safe itself may do.
#[tokio::test]
async fn a_refund_s_token_that_calls_back_gains_nothing() -> Result<()> {
    let safes = Safes::start().await?;
    let token = peers::create(&safes.chain, "SafeToken", &[]).await?;
    for to in [safes.ours.safe, safes.peer.safe] {
        safes.once(1, token, Helpers::mintCall { to, value: U256::from(10_000_000) }.abi_encode()).await?;
    }
    let receiver = Address::repeat_byte(0x21);
    let tx = SafeTx {
        safeTxGas: U256::from(60_000),
        gasPrice: U256::from(1),
        gasToken: token,
        refundReceiver: receiver,
        ..call(safes.target, log())
    };
    for side in [safes.ours, safes.peer] {
        let own = SafeTx { nonce: U256::ZERO, ..tx.clone() };
        let execution = own.execution(signatures(own.hash(side.safe), &safes.two()));
        let threshold = Safe::changeThresholdCall { threshold: U256::ONE }.abi_encode();
        let module =
            Safe::execTransactionFromModuleCall { to: token, value: U256::ZERO, data: Bytes::new(), operation: 0 };
        for (nonce, errand, reason) in
            [(0, execution.clone(), gs(26)), (1, threshold, gs(31)), (2, module.abi_encode(), gs(104))]
        {
            let set = Token::setCall { mode: U256::from(7), target: side.safe, errand: errand.into() };
            safes.once(1, token, set.abi_encode()).await?;
            let tx = SafeTx { nonce: U256::from(nonce), ..tx.clone() };
            let receipt =
                safes.sender.send(side.safe, tx.execution(signatures(tx.hash(side.safe), &safes.two()))).await?;
            assert!(receipt.status());
            let called = harness::answer::events::<Helpers::Called>(&receipt, token)?;
            assert_eq!(called.len(), 1);
            assert_eq!((called[0].success, called[0].answer.to_vec()), (false, reason));
        }
    }
    assert_eq!(safes.nonce().await?, U256::from(3));
    safes.same_storage().await
}

/// Whoever sends a transaction is paid for its gas by the price that the owners signed, at most. A price of its own, or
/// other members, are another transaction.
#[tokio::test]
async fn the_sender_cannot_change_what_it_is_paid() -> Result<()> {
    let safes = Safes::start().await?;
    let tx = SafeTx {
        safeTxGas: U256::from(50_000),
        gasPrice: U256::from(1),
        refundReceiver: Address::repeat_byte(0x22),
        ..call(safes.target, log())
    };
    let hashes = safes.hashes(|_| tx.clone()).await?;
    let two = safes.two();
    for changed in [
        SafeTx { gasPrice: U256::from(2), ..tx.clone() },
        SafeTx { gasPrice: U256::ZERO, ..tx.clone() },
        SafeTx { baseGas: U256::from(1), ..tx.clone() },
        SafeTx { safeTxGas: U256::ZERO, ..tx.clone() },
        SafeTx { safeTxGas: U256::from(49_999), ..tx.clone() },
        SafeTx { gasToken: safes.target, ..tx.clone() },
        SafeTx { refundReceiver: Address::ZERO, ..tx.clone() },
        SafeTx { operation: 1, ..tx.clone() },
        SafeTx { value: U256::from(1), ..tx.clone() },
    ] {
        let execution = |side: &Side| {
            let hash = if side.safe == safes.ours.safe { hashes[0] } else { hashes[1] };
            changed.execution(signatures(hash, &two))
        };
        safes.each_raw(1, execution).await?.refused_with(&gs(26));
    }
    Ok(())
}

/// A hash that an owner signed by `eth_sign` is not one that it signed as typed data, and the other way round.
#[tokio::test]
async fn a_signature_counts_in_its_own_way_alone() -> Result<()> {
    let safes = Safes::start().await?;
    let tx = call(safes.target, log());
    let hashes = safes.hashes(|_| tx.clone()).await?;
    let two = safes.two();
    let execution = |side: &Side, add: u8| {
        let hash = if side.safe == safes.ours.safe { hashes[0] } else { hashes[1] };
        let mut bytes = signatures(hash, &two);
        bytes[64] = bytes[64].wrapping_add(add);
        tx.execution(bytes)
    };
    // Typed data, said to be by `eth_sign`.
    safes.each_raw(1, |side| execution(side, 4)).await?.refused_with(&gs(26));
    // And a message whose text is the hash, said to be typed data.
    let message = |side: &Side| {
        let hash = if side.safe == safes.ours.safe { hashes[0] } else { hashes[1] };
        let all: Vec<_> = safes.keys[..2]
            .iter()
            .flat_map(|key| key.sign_message_sync(hash.as_slice()).expect("a key signs").as_bytes())
            .collect();
        tx.execution(all)
    };
    safes.each_raw(1, message).await?.refused_with(&gs(26));
    Ok(())
}
