use alloy::hex;
use alloy::primitives::address as account;
use alloy::sol_types::SolCall as _;

use super::*;

pub(in crate::safe) fn plain(to: Address, data: impl Into<Bytes>) -> Transaction {
    Transaction {
        to,
        value: U256::ZERO,
        data: data.into(),
        operation: Operation::Call,
        safe_tx_gas: U256::ZERO,
        base_gas: U256::ZERO,
        gas_price: U256::ZERO,
        gas_token: Address::ZERO,
        refund_receiver: Address::ZERO,
        nonce: U256::ZERO,
    }
}

/// The constants of Safe's contracts, `DOMAIN_SEPARATOR_TYPEHASH` and `SAFE_TX_TYPEHASH`.
#[test]
fn types_are_safes() {
    let place = Place { chain: 1, contract: Address::repeat_byte(2) };
    let typehash = hex!("47e79534a245952e8b16893a336b85a3d9ea9fa8c573f3d803afb92a79469218");
    let separator =
        keccak256([&typehash[..], &U256::from(1).to_be_bytes::<32>(), place.contract.into_word().as_slice()].concat());
    assert_eq!(domain(&place), separator);
    let typehash = hex!("bb8310d486368db6bd6f849402fdd73ad53d316b5a4b2644ad6efe0f941286d8");
    let hash = plain(place.contract, []).members().eip712_type_hash();
    assert_eq!(hash, typehash);
}

#[test]
fn every_member_changes_the_hash() {
    let place = Place { chain: 1, contract: Address::repeat_byte(2) };
    let first = plain(Address::repeat_byte(1), []);
    let one = U256::from(1);
    let others = [
        Transaction { to: Address::ZERO, ..first.clone() },
        Transaction { value: one, ..first.clone() },
        Transaction { data: Bytes::from_static(&[0]), ..first.clone() },
        Transaction { operation: Operation::DelegateCall, ..first.clone() },
        Transaction { safe_tx_gas: one, ..first.clone() },
        Transaction { base_gas: one, ..first.clone() },
        Transaction { gas_price: one, ..first.clone() },
        Transaction { gas_token: Address::repeat_byte(1), ..first.clone() },
        Transaction { refund_receiver: Address::repeat_byte(1), ..first.clone() },
        Transaction { nonce: one, ..first.clone() },
    ];
    let mut hashes: Vec<_> = others.iter().map(|other| other.hashes(&place).transaction).collect();
    hashes.push(first.hashes(&place).transaction);
    hashes.push(first.hashes(&Place { chain: 2, ..place }).transaction);
    hashes.push(first.hashes(&Place { contract: Address::ZERO, ..place }).transaction);
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), others.len() + 3);
}

#[test]
fn calldata_is_made_of_a_signature_and_words() {
    let owner = account!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let made = calldata("addOwnerWithThreshold(address,uint256)", &words(&[&owner.to_string(), "2"]));
    let call = abi::addOwnerWithThresholdCall { owner, threshold: U256::from(2) };
    assert_eq!(made, Ok(call.abi_encode().into()));
    let made = calldata("f(uint256[],(bool,string),bytes)", &words(&["[1, 2]", "(true,a)", "0x01"])).expect("made");
    assert_eq!(made.len() % 32, 4);
    assert_eq!(calldata("pause()", &[]).expect("made").len(), 4);
    for (signature, arguments, reason) in [
        ("transfer", &[][..], "is not a function's signature"),
        ("transfer(address,uint256)", &["0x00"], "takes 2 arguments, and 1 are given"),
        ("transfer(address,uint256)", &["0x00", "1"], "argument 1: this is not an address"),
        ("f(uint8)", &["256"], "argument 1 is not uint8: 256"),
        ("f(nothing)", &["1"], "is not a function's signature"),
        ("f(address)", &["0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266"], "the checksum of the address is wrong"),
        ("f(address[])", &["[0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266]"], "argument 1: 0xF39Fd6e51aad88F6F4ce6aB88"),
        (
            "f(uint8,(uint8,address)[])",
            &["1", "[(1, 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266), (2,0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92267)]"],
            "argument 2: 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92267: the checksum of the address is wrong",
        ),
    ] {
        let error = calldata(signature, &words(arguments)).expect_err(signature);
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn a_file_has_amounts_in_digits() {
    let made = Transaction { value: U256::MAX, ..plain(Address::ZERO, []) };
    let text = serde_json::to_string(&made).expect("JSON");
    assert!(
        text.contains(&format!("\"value\":\"{}\"", U256::MAX)) && text.contains("\"operation\":\"call\""),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<Transaction>(&text).expect("read"), made);
    for wrong in ["\"0x5\"", "5", "\"\"", "\"-1\"", "\"1e3\""] {
        let text = text.replace(&format!("\"{}\"", U256::MAX), wrong);
        assert!(serde_json::from_str::<Transaction>(&text).is_err(), "{wrong}");
    }
}
