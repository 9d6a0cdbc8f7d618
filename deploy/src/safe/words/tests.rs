use std::collections::BTreeMap;

use alloy::primitives::{B256, Bytes};
use alloy::sol_types::{SolCall as _, SolValue as _};
use consilium_bindings::{AccessManager, Governor, Safe};

use super::super::transaction::tests::plain;
use super::*;
use crate::record::{Deployed, Deployment};

const SAFE: Address = Address::repeat_byte(0x5a);
const GOVERNOR: Address = Address::repeat_byte(0x60);
const OTHER: Address = Address::repeat_byte(0x07);

fn names() -> Names {
    let deployed = Deployed { address: GOVERNOR, implementation: None, code_hash: B256::ZERO };
    Names::of(Some(&Deployment {
        chain_id: 1,
        deployer: Address::ZERO,
        complete: true,
        founder: Address::ZERO,
        contracts: BTreeMap::from([("governor".to_owned(), deployed)]),
        safes: BTreeMap::new(),
        founding: None,
        transactions: Vec::new(),
        settings: serde_json::Value::Null,
    }))
}

fn lines(transaction: &Transaction) -> Vec<String> {
    let mut lines = told(&Place { chain: 1, contract: SAFE }, transaction, &names());
    assert!(lines.remove(0).starts_with("for the Safe 0x"));
    lines
}

fn packed(operation: u8, to: Address, value: u64, data: &[u8]) -> Vec<u8> {
    let rest = (to, U256::from(value), U256::from(data.len()), Bytes::copy_from_slice(data)).abi_encode_packed();
    [&[operation][..], &rest].concat()
}

fn multi_send(calls: &[Vec<u8>]) -> Vec<u8> {
    [&MULTI_SEND[..], &(Bytes::from(calls.concat()),).abi_encode_params()].concat()
}

#[test]
fn calls_are_told_with_their_arguments_and_what_they_do() {
    let sent = Transaction { value: U256::from(5), ..plain(OTHER, []) };
    assert_eq!(lines(&sent), [format!("sends 5 wei to {OTHER}")]);
    assert!(lines(&plain(SAFE, []))[0].starts_with("does nothing: it only uses up the nonce"));

    let owner = Safe::addOwnerWithThresholdCall { owner: OTHER, threshold: U256::from(2) };
    let told = lines(&plain(SAFE, owner.abi_encode()));
    let expected =
        format!("calls addOwnerWithThreshold(owner: {OTHER}, threshold: 2) of the Safe itself - Adds an owner");
    assert!(told[0].starts_with(&expected), "{told:?}");

    // A later version has it.
    let guard = super::super::calldata("setModuleGuard(address)", &[OTHER.to_string()]).expect("made");
    let told = lines(&plain(SAFE, guard));
    assert!(told[0].starts_with(&format!("calls setModuleGuard(moduleGuard: {OTHER}) of the Safe itself")), "{told:?}");

    let vote = Governor::castVoteCall { proposalId: U256::from(7), support: 1 };
    let told = lines(&plain(GOVERNOR, vote.abi_encode()));
    let expected = format!("calls castVote(proposalId: 7, support: 1) of the governor {GOVERNOR} - Casts all");
    assert!(told[0].starts_with(&expected), "{told:?}");

    let transfer = super::super::calldata("transfer(address,uint256)", &[OTHER.to_string(), "9".to_owned()]);
    let told = lines(&plain(OTHER, transfer.expect("made")));
    assert!(told[0].starts_with("calls transfer(") && told[0].contains(": 9)"), "{told:?}");
}

/// A council acts by the access manager, and a member proposes by a Safe: what is passed on is told too.
#[test]
fn calls_within_calls_are_told() {
    let vote = Bytes::from(Governor::castVoteCall { proposalId: U256::from(7), support: 1 }.abi_encode());
    let execute = AccessManager::executeCall { target: OTHER, data: vote.clone() };
    let told = lines(&plain(OTHER, execute.abi_encode()));
    let inner = "castVote(proposalId: 7, support: 1)";
    assert!(told[0].contains(&format!("execute(target: {OTHER}, data: {inner})")), "{told:?}");

    // However long a list is, none of its elements is left out.
    let propose = Governor::proposeCall {
        targets: vec![OTHER; 30],
        values: vec![U256::ZERO; 30],
        calldatas: [vec![Bytes::new(); 29], vec![vote.clone()]].concat(),
        description: "x".repeat(1_000),
    };
    let told = lines(&plain(GOVERNOR, propose.abi_encode()));
    assert_eq!(told[0].matches(&OTHER.to_string()).count(), 30);
    assert!(told[0].contains(inner) && told[0].contains("…") && told[0].len() < 3_500, "{told:?}");

    // More than a call is not told as one.
    let more = AccessManager::executeCall { target: OTHER, data: [&vote[..], &[0]].concat().into() };
    assert!(!lines(&plain(OTHER, more.abi_encode()))[0].contains("castVote"));
}

#[test]
fn what_is_not_known_is_said_to_be() {
    let told = lines(&plain(OTHER, vec![1, 2, 3, 4, 5]));
    assert_eq!(told, [format!("calls the function 0x01020304 of {OTHER}, which is not known here: 0x0102030405")]);
    // The governor has no such function, whoever else has it.
    let owner = Safe::changeThresholdCall { threshold: U256::from(2) };
    let told = lines(&plain(GOVERNOR, owner.abi_encode()));
    assert!(told[0].contains("which it does not have"), "{told:?}");
    let told = lines(&plain(SAFE, owner.abi_encode()[..20].to_vec()));
    assert!(told[0].contains("changeThreshold of the Safe itself with arguments that are none"), "{told:?}");
    let told = lines(&plain(OTHER, vec![1]));
    assert!(told[0].contains("0x01"), "{told:?}");
}

#[test]
fn a_batch_is_told_call_by_call_and_delegated_calls_loudly() {
    let inner = multi_send(&[packed(0, OTHER, 1, &[])]);
    let data = multi_send(&[
        packed(0, OTHER, 5, &[]),
        packed(1, OTHER, 0, &inner),
        packed(0, SAFE, 0, &Safe::changeThresholdCall { threshold: U256::from(1) }.abi_encode()),
    ]);
    let told = lines(&Transaction { operation: Operation::DelegateCall, ..plain(GOVERNOR, data.clone()) });
    assert!(told[0].starts_with("DELEGATECALL: the code of the governor "), "{told:?}");
    assert_eq!(told[2], format!("  sends 5 wei to {OTHER}"));
    assert!(told[3].starts_with("  DELEGATECALL: "), "{told:?}");
    assert_eq!(told[5], format!("    sends 1 wei to {OTHER}"));
    assert!(told[6].starts_with("  calls changeThreshold(threshold: 1) of the Safe itself"), "{told:?}");
    assert_eq!(told.len(), 7);

    for broken in [&data[..data.len() - 40], &multi_send(&[vec![7; 85]]), &multi_send(&[vec![0; 84]])] {
        let told = lines(&plain(OTHER, broken.to_vec()));
        assert!(told.last().expect("a line").contains("NOT A BATCH"), "{told:?}");
    }
    let deep = (0..9).fold(Vec::new(), |data, _| multi_send(&[packed(0, OTHER, 0, &data)]));
    assert!(lines(&plain(OTHER, deep)).last().expect("a line").contains("too deep"));
}

#[test]
fn a_refund_is_told() {
    let paid = Transaction { gas_price: U256::from(3), ..plain(OTHER, []) };
    assert!(lines(&paid).last().expect("a line").starts_with("PAYS A REFUND: 3 wei for each gas"));
    let promised = Transaction { safe_tx_gas: U256::from(3), ..plain(OTHER, []) };
    assert!(lines(&promised).last().expect("a line").contains("if it fails, the nonce is used up"));
}
