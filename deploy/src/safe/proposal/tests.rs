use alloy::primitives::{B256, Bytes, U256};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolCall as _;
use serde_json::{Value, json};

use super::super::signature::Manner;
use super::super::transaction::tests::plain;
use super::*;

fn key(number: u8) -> PrivateKeySigner {
    PrivateKeySigner::from_bytes(&B256::repeat_byte(number)).expect("a key")
}

fn facts() -> Facts {
    Facts { version: "1.4.1".to_owned(), owners: (1..4).map(|number| key(number).address()).collect(), threshold: 2 }
}

fn proposed() -> Proposal {
    let place = Place { chain: 5, contract: Address::repeat_byte(9) };
    Proposal::new(place, facts(), plain(Address::repeat_byte(8), []), &Names::default()).expect("proposed")
}

fn sign(proposal: &mut Proposal, number: u8, manner: Manner) -> Result<()> {
    let made = Confirmation::sign(&key(number), proposal.hashes().transaction, manner)?;
    proposal.add(made, &facts())
}

fn signed() -> Proposal {
    let mut proposal = proposed();
    for (number, manner) in [(1, Manner::TypedData), (2, Manner::EthSign)] {
        sign(&mut proposal, number, manner).expect("signed");
    }
    proposal
}

fn value(proposal: &Proposal) -> Value {
    serde_json::to_value(proposal).expect("JSON")
}

#[test]
fn a_file_is_read_as_it_was_written() {
    for proposal in [proposed(), signed()] {
        assert_eq!(Proposal::parse(&value(&proposal).to_string()), Ok(proposal));
    }
}

#[test]
fn a_changed_file_is_refused() {
    let whole = value(&signed());
    let hash = B256::repeat_byte(1).to_string();
    let [first, second] = [0, 1].map(|at| whole["signatures"][at].clone());
    for (place, to, reason) in [
        ("/format", json!("other"), "its format is not"),
        ("/chainId", json!(6), "its domainHash is not that"),
        ("/safe", json!(Address::ZERO), "its domainHash is not that"),
        ("/transaction/to", json!(Address::ZERO), "its messageHash is not that"),
        ("/transaction/value", json!("1"), "its messageHash is not that"),
        ("/transaction/operation", json!("delegatecall"), "its messageHash is not that"),
        ("/transaction/nonce", json!("1"), "its messageHash is not that"),
        ("/domainHash", json!(hash), "its domainHash is not that"),
        ("/messageHash", json!(hash), "its messageHash is not that"),
        ("/safeTxHash", json!(hash), "its safeTxHash is not that"),
        ("/known/version", json!("1.0.0"), "the Safe's version is \"1.0.0\""),
        ("/known/threshold", json!(0), "no threshold of 0"),
        ("/known/threshold", json!(4), "no threshold of 4"),
        ("/known/owners", json!([Address::ZERO, Address::ZERO]), "an owner is there twice"),
        ("/signatures/0/owner", json!(key(3).address()), "did not sign this transaction"),
        ("/signatures/1", first, "it has two signatures of"),
        ("/signatures/0/signature", second["signature"].clone(), "did not sign this transaction"),
        ("/signatures/0/signature", json!("0x01"), "a signature has 65 bytes"),
        ("/says", json!(7), "has a value of another kind"),
    ] {
        let mut changed = whole.clone();
        *changed.pointer_mut(place).expect(place) = to;
        let error = Proposal::parse(&changed.to_string()).expect_err(place);
        assert!(error.contains(reason), "{place}: {error}");
    }
    let mut more = whole.clone();
    more["comment"] = json!("");
    assert!(Proposal::parse(&more.to_string()).expect_err("more").contains("has `comment`"));
    assert!(Proposal::parse("{").expect_err("cut").contains("ends in the middle"));
}

/// What a file says of itself is for people who open it: it is made again before a signature is added.
#[test]
fn what_a_file_says_is_made_from_what_is_signed() {
    let mut changed = value(&signed());
    changed["says"] = json!(["sends nothing"]);
    let read = Proposal::parse(&changed.to_string()).expect("read");
    assert_eq!(value(&read.retold(&Names::default())), value(&signed()));
}

#[test]
fn files_of_one_transaction_are_joined() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, proposal: &Proposal| {
        let path = folder.path().join(name);
        proposal.write_new(&path).expect("written");
        path
    };
    let by = |number| {
        let mut proposal = proposed();
        sign(&mut proposal, number, Manner::TypedData).expect("signed");
        proposal
    };
    let paths = [file("one", &by(1)), file("two", &by(2)), file("one again", &by(1))];
    let all = Proposal::load_all(&paths).expect("joined");
    assert_eq!(all.signatures().len(), 2);
    let place = proposed().place();
    let next = Transaction { nonce: U256::from(1), ..plain(Address::repeat_byte(8), []) };
    let other = Proposal::new(place, facts(), next, &Names::default()).expect("proposed");
    let error = Proposal::load_all(&[paths[0].clone(), file("other", &other)]).expect_err("another");
    assert!(error.to_string().contains("is of another transaction"), "{error}");
    assert!(by(1).write_new(&paths[0]).expect_err("there").to_string().contains("is there already"));
}

#[test]
fn nobody_signs_twice_and_a_delegated_call_is_asked_for() {
    let mut proposal = signed();
    let twice = sign(&mut proposal, 1, Manner::EthSign).expect_err("twice");
    assert!(twice.to_string().contains("has signed it already"));
    let stranger = key(7).address();
    let error = proposal.expect_owner(stranger, &facts().owners).expect_err("no owner");
    assert!(error.to_string().contains("is no owner"), "{error}");
    proposal.agree_to_delegatecall(false).expect("a call");
    let delegated = Transaction { operation: Operation::DelegateCall, ..plain(Address::repeat_byte(8), []) };
    let delegated = Proposal::new(proposal.place(), facts(), delegated, &Names::default()).expect("proposed");
    assert!(delegated.agree_to_delegatecall(false).expect_err("asked").to_string().contains("--allow-delegatecall"));
    delegated.agree_to_delegatecall(true).expect("allowed");
    // Another Safe, or this one as its own module, is asked for it.
    let call = consilium_bindings::Safe::execTransactionFromModuleCall {
        to: Address::repeat_byte(7),
        value: U256::ZERO,
        data: Bytes::new(),
        operation: 1,
    };
    let within = plain(Address::repeat_byte(8), call.abi_encode());
    let within = Proposal::new(proposal.place(), facts(), within, &Names::default()).expect("proposed");
    assert!(
        within.agree_to_delegatecall(false).expect_err("asked").to_string().contains("has a DELEGATECALL within it")
    );
    within.agree_to_delegatecall(true).expect("allowed");
}
