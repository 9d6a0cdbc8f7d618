mod moving;
mod passed;
mod shared;

use std::collections::BTreeMap;

use alloy::primitives::{B256, Bytes};
use alloy::sol_types::{SolCall as _, SolValue as _};
use consilium_bindings::{AccessManager, Governor, Safe};

use super::super::transaction::tests::plain;
use super::*;
use crate::record::{Deployed, Deployment};
use crate::vault::Vault;

const SAFE: Address = Address::repeat_byte(0x5a);
const GOVERNOR: Address = Address::repeat_byte(0x60);
const OTHER: Address = Address::repeat_byte(0x07);

fn names() -> Names {
    Names::of(Some(&record()))
}

fn record() -> Deployment {
    let deployed = Deployed { address: GOVERNOR, implementation: None, code_hash: B256::ZERO };
    Deployment {
        chain_id: 1,
        deployer: Address::ZERO,
        complete: true,
        founder: Address::ZERO,
        contracts: BTreeMap::from([("governor".to_owned(), deployed)]),
        safes: BTreeMap::new(),
        vault: None,
        founding: None,
        transactions: Vec::new(),
        settings: serde_json::Value::Null,
    }
}

fn whole(transaction: &Transaction) -> Told {
    told(&Place { chain: 1, contract: SAFE }, transaction, &names())
}

fn lines(transaction: &Transaction) -> Vec<String> {
    let mut lines = whole(transaction).lines;
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

    // More than a call is not told as one in its place.
    let more = AccessManager::executeCall { target: OTHER, data: [&vote[..], &[0]].concat().into() };
    assert!(!lines(&plain(OTHER, more.abi_encode()))[0].contains("castVote"));
}

/// Whoever signs it reads what it stops, however it is wrapped.
#[test]
fn closing_a_target_is_remarked_on() {
    let call = |closed| Bytes::from(AccessManager::setTargetClosedCall { target: OTHER, closed }.abi_encode());
    let execute = |data| AccessManager::executeCall { target: OTHER, data }.abi_encode();
    let multicall = |data| AccessManager::multicallCall { data: vec![data] }.abi_encode();
    let schedule = |data| AccessManager::scheduleCall { target: OTHER, data, when: Default::default() }.abi_encode();
    let batch = |data: Bytes| multi_send(&[packed(0, OTHER, 0, &data)]);
    let wrapped = |closed| {
        let call = || call(closed);
        [call().to_vec(), execute(call()), multicall(call()), schedule(call()), batch(call())]
    };
    for data in wrapped(true) {
        let told = lines(&plain(OTHER, data));
        let remarks = told.iter().filter(|line| line.trim_start().starts_with("CLOSES A TARGET: ")).count();
        assert_eq!(remarks, 1, "{told:?}");
    }
    for data in wrapped(false) {
        let told = lines(&plain(OTHER, data));
        assert!(!told.concat().contains("CLOSES"), "{told:?}");
    }
}

#[test]
fn what_is_not_known_is_said_to_be() {
    let told = lines(&plain(OTHER, vec![1, 2, 3, 4, 5]));
    let called = format!("calls the function 0x01020304 of {OTHER}, which is not known here, with this data:");
    assert_eq!(told, [called, "  0x0102030405".to_owned()]);
    // The governor has no such function, whoever else has it.
    let owner = Safe::changeThresholdCall { threshold: U256::from(2) };
    let told = lines(&plain(GOVERNOR, owner.abi_encode()));
    assert!(told[0].contains("which it does not have"), "{told:?}");
    let told = lines(&plain(SAFE, owner.abi_encode()[..20].to_vec()));
    assert!(told[0].contains("changeThreshold of the Safe itself with arguments that are none"), "{told:?}");
    let told = lines(&plain(OTHER, vec![1]));
    assert!(told[0].contains("0x01"), "{told:?}");
    // However long it is: all of it is signed.
    for (target, data) in [(OTHER, [1; 400].to_vec()), (SAFE, owner.abi_encode()[..20].to_vec())] {
        assert_eq!(lines(&plain(target, data.clone()))[1], format!("  {}", hex::encode_prefixed(&data)));
    }
    let execute = AccessManager::executeCall { target: OTHER, data: vec![1; 400].into() };
    let told = lines(&plain(OTHER, execute.abi_encode()));
    assert!(told[0].contains(&hex::encode_prefixed([1; 400])), "{told:?}");
}

#[test]
fn bytes_behind_the_arguments_are_told() {
    let usual = Safe::changeThresholdCall { threshold: U256::from(2) }.abi_encode();
    let told = lines(&plain(SAFE, [&usual[..], &[1, 2, 3]].concat()));
    assert_eq!(told[1], "and 3 bytes more: 0x010203");
    assert_eq!(lines(&plain(SAFE, usual)).len(), 1);
    // The same bytes, a word further on.
    let execute = AccessManager::executeCall { target: OTHER, data: vec![1].into() }.abi_encode();
    let moved = [&execute[..67], &[0x60], &[0; 32], &execute[68..]].concat();
    let told = lines(&plain(OTHER, moved.clone()));
    assert_eq!(told[1], format!("and in an unusual encoding: {}", hex::encode_prefixed(moved)));
    let batch = multi_send(&[packed(0, OTHER, 5, &[])]);
    let told = lines(&plain(OTHER, [&batch[..], &[7]].concat()));
    assert_eq!(told.last().expect("a line"), "and 1 bytes more: 0x07");
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
    let stranger = "NOT SAFE'S MULTISEND AS KNOWN HERE: what it does with the following is not known";
    assert_eq!(told[2], stranger);
    assert_eq!(told[3], format!("  sends 5 wei to {OTHER}"));
    assert!(told[4].starts_with("  DELEGATECALL: "), "{told:?}");
    assert_eq!(told[6], format!("  {stranger}"));
    assert_eq!(told[7], format!("    sends 1 wei to {OTHER}"));
    assert!(told[8].starts_with("  calls changeThreshold(threshold: 1) of the Safe itself"), "{told:?}");
    assert_eq!(told.len(), 9);

    for broken in [&data[..data.len() - 40], &multi_send(&[vec![7; 85]]), &multi_send(&[vec![0; 84]])] {
        let told = lines(&plain(OTHER, broken.to_vec()));
        assert!(told.last().expect("a line").contains("NOT A BATCH"), "{told:?}");
    }
    let deep = (0..9).fold(Vec::new(), |data, _| multi_send(&[packed(0, OTHER, 0, &data)]));
    assert!(lines(&plain(OTHER, deep)).last().expect("a line").contains("too deep"));
}

/// What a batch's target makes of it: Safe's own is known by its address, and runs as the Safe's own or not.
#[test]
fn whose_batch_it_is_and_in_whose_name_is_told() {
    let data = multi_send(&[packed(0, OTHER, 5, &[])]);
    for (name, address) in [
        ("MultiSend 1.4.1", "0x38869bf66a61cF6bDB996A6aE40D5853Fd43B526"),
        ("MultiSendCallOnly 1.4.1", "0x9641d764fc13c8B624c04430C7356C1C7C8102e2"),
        ("MultiSend 1.5.0", "0x218543288004CD07832472D464648173c77D7eB7"),
        ("MultiSendCallOnly 1.5.0", "0xA83c336B20401Af773B6219BA5027174338D1836"),
    ] {
        let call = plain(address.parse().expect("an address"), data.clone());
        let delegated = Transaction { operation: Operation::DelegateCall, ..call.clone() };
        let told = lines(&delegated);
        assert!(told[0].starts_with(&format!("DELEGATECALL: the code of Safe's {name} {address} runs")), "{told:?}");
        assert_eq!(told[1], format!("calls multiSend of Safe's {name} {address}, a batch:"));
        assert_eq!(told[2..], [format!("  sends 5 wei to {OTHER}")]);
        let told = lines(&call);
        assert_eq!(told[1], format!("these calls are in the name of Safe's {name} {address}, not of the Safe"));
    }
    let told = lines(&plain(OTHER, data));
    assert!(told[1].starts_with("NOT SAFE'S MULTISEND AS KNOWN HERE"), "{told:?}");
    assert_eq!(told[2], format!("these calls are in the name of {OTHER}, not of the Safe"));
}

/// MultiSend of 1.5.0 calls itself where the target is zero, and under a DELEGATECALL that is the Safe.
#[test]
fn the_zero_address_in_a_batch_is_whoever_makes_it() {
    let module = super::super::calldata("enableModule(address)", &[OTHER.to_string()]).expect("made");
    let data = multi_send(&[packed(0, Address::ZERO, 0, &module)]);
    let newer = "0xA83c336B20401Af773B6219BA5027174338D1836".parse().expect("an address");
    let older = "0x9641d764fc13c8B624c04430C7356C1C7C8102e2".parse().expect("an address");
    let called = format!("  calls enableModule(module: {OTHER}) of ");
    for target in [newer, GOVERNOR] {
        let told = whole(&Transaction { operation: Operation::DelegateCall, ..plain(target, data.clone()) });
        let itself = format!("{called}the zero address, which MultiSend of 1.5.0 takes for the Safe itself");
        assert!(told.lines.last().expect("a line").starts_with(&itself), "{told:?}");
        assert!(told.targets.contains(&SAFE) && !told.targets.contains(&Address::ZERO), "{told:?}");
    }
    let told = lines(&plain(newer, data.clone()));
    let itself =
        format!("of the zero address, which MultiSend of 1.5.0 takes for Safe's MultiSendCallOnly 1.5.0 {newer}");
    assert!(told[2].contains(&itself), "{told:?}");
    // The earlier version calls the zero address.
    let told = lines(&Transaction { operation: Operation::DelegateCall, ..plain(older, data) });
    assert!(told[2].starts_with(&format!("{called}{}", Address::ZERO)), "{told:?}");
}

#[test]
fn what_a_call_hides_is_told() {
    let batch = multi_send(&[packed(0, OTHER, 5, &[])]);
    let module = |operation, data: &[u8]| Safe::execTransactionFromModuleCall {
        to: OTHER,
        value: U256::ZERO,
        data: Bytes::copy_from_slice(data),
        operation,
    };
    let told = whole(&plain(GOVERNOR.create(0), module(1, &[]).abi_encode()));
    let code = format!("DELEGATECALL: the code of {OTHER} runs as that of {}", GOVERNOR.create(0));
    assert!(told.lines[2].trim_start().starts_with(&code) && told.delegates, "{told:?}");
    let told = whole(&plain(OTHER, module(0, &batch).abi_encode()));
    assert!(told.lines.contains(&format!("    sends 5 wei to {OTHER}")) && !told.delegates, "{told:?}");
    // Within another call, whoever that is to.
    let execute = |data: Vec<u8>| AccessManager::executeCall { target: OTHER, data: data.into() }.abi_encode();
    let told = whole(&plain(OTHER, execute(module(1, &batch).abi_encode())));
    assert!(told.lines.iter().any(|line| line.contains("DELEGATECALL")) && told.delegates, "{told:?}");
    let told = whole(&plain(OTHER, execute(batch)));
    assert!(told.lines[2].contains("passes on a batch") && told.lines[3].ends_with(&format!("sends 5 wei to {OTHER}")));
    assert!(!told.delegates);
    // What is too deep to be looked into may be one.
    let deep = (0..6).fold(module(1, &[]).abi_encode(), |data, _| execute(data));
    assert!(whole(&plain(OTHER, deep)).delegates);
}

#[test]
fn a_hash_that_is_approved_is_to_be_compared() {
    let approve = Safe::approveHashCall { hashToApprove: B256::repeat_byte(3) }.abi_encode();
    let compare = "this approves a transaction that is not shown: compare the hash with `consilium safe show`";
    assert!(lines(&plain(OTHER, approve.clone()))[1].starts_with(compare));
    let execute = AccessManager::executeCall { target: OTHER, data: approve.into() };
    assert!(lines(&plain(OTHER, execute.abi_encode()))[1].contains(compare));
}

/// A record is a file like others: no name in it makes a line.
#[test]
fn a_name_with_a_line_end_makes_no_line() {
    let deployed = Deployed { address: OTHER, implementation: None, code_hash: B256::ZERO };
    let contracts = BTreeMap::from([("x\nsends nothing".to_owned(), deployed)]);
    let forged = Names::of(Some(&Deployment { contracts, ..record() }));
    let sent = Transaction { value: U256::from(5), ..plain(OTHER, []) };
    let told = told(&Place { chain: 1, contract: SAFE }, &sent, &forged);
    assert_eq!(told.lines[1..], [format!("sends 5 wei to the x\\nsends nothing {OTHER}")]);
}

/// What a record calls "safe" is the code of the Safes: money that is sent there is lost.
#[test]
fn a_singleton_is_told_from_the_safes() {
    let deployed = Deployed { address: OTHER, implementation: None, code_hash: B256::ZERO };
    let contracts = BTreeMap::from([("safe".to_owned(), deployed)]);
    let [council, vault] = [0xc0, 0x7a].map(Address::repeat_byte);
    let safes = BTreeMap::from([("council".to_owned(), council)]);
    let names = Names::of(Some(&Deployment { contracts, safes, vault: Some(vault), ..record() }));
    for (to, words) in [
        (OTHER, "the SINGLETON OF THE SAFES, which is no Safe,"),
        (council, "the Safe \"council\""),
        (vault, "the vault"),
    ] {
        let sent = Transaction { value: U256::from(5), ..plain(to, []) };
        let told = told(&Place { chain: 1, contract: SAFE }, &sent, &names);
        assert_eq!(told.lines[1..], [format!("sends 5 wei to {words} {to}")]);
    }
    let pay = Vault::executeCall { target: SAFE, value: U256::from(7), data: Bytes::new() };
    let told = told(&Place { chain: 1, contract: SAFE }, &plain(vault, pay.abi_encode()), &names);
    let expected = format!("calls execute(target: {SAFE}, value: 7, data: 0x) of the vault {vault} - Calls `target`");
    assert!(told.lines[1].starts_with(&expected), "{:?}", told.lines);
}

#[test]
fn a_refund_is_told() {
    let paid = Transaction {
        gas_price: U256::from(3),
        base_gas: U256::from(10),
        safe_tx_gas: U256::from(100),
        gas_token: GOVERNOR,
        refund_receiver: SAFE,
        ..plain(OTHER, [])
    };
    let unit = format!("units of the governor {GOVERNOR}");
    let refund = format!("PAYS A REFUND: 3 {unit} for each gas (the call's, up to 100, and 10) to the Safe itself");
    let nonce = "the call gets 100 gas; if it fails, the nonce is used up, and the refund is paid";
    let told = lines(&paid);
    assert_eq!(told[1..], [refund, format!("the refund is at least 30 and about 330 {unit} in all"), nonce.to_owned()]);
    let in_ether = lines(&Transaction { gas_token: Address::ZERO, refund_receiver: Address::ZERO, ..paid.clone() });
    assert!(in_ether[1].ends_with("to whoever sends it") && in_ether[2].contains("about 330 wei"), "{in_ether:?}");
    let too_much = lines(&Transaction { gas_price: U256::MAX, ..paid });
    assert!(too_much[2].starts_with("the refund may be more than "), "{too_much:?}");
    let promised = Transaction { safe_tx_gas: U256::from(3), ..plain(OTHER, []) };
    assert!(lines(&promised).last().expect("a line").contains("if it fails, the nonce is used up"));
}
