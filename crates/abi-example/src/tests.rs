//! The example by its calldata, as a caller sees it, and by its methods, as a unit test does.

use alloy_primitives::{Address, B256, U256, hex, keccak256};
use consilium_abi::{Revert, encode};
use stylus_sdk::{abi::router_entrypoint, testing::TestVM};

use super::{
    Counter,
    abi::CounterOnlyOwner,
    owned::{NotOwner, OWNED_INTERFACE_ID},
};

const OWNER: Address = Address::repeat_byte(1);
const OTHER: Address = Address::repeat_byte(2);
const CONSTRUCTOR: [u8; 4] = [0x55, 0x85, 0x25, 0x8d];

fn selector(signature: &str) -> [u8; 4] {
    keccak256(signature)[..4].try_into().unwrap()
}

fn word(number: u64) -> Vec<u8> {
    encode!((uint64) => number)
}

/// Calls the contract as the entrypoint does, on a view of the storage made anew.
fn call(vm: &TestVM, data: &[&[u8]]) -> Result<Vec<u8>, Vec<u8>> {
    let host = stylus_sdk::host::VM { host: alloc::boxed::Box::new(vm.clone()) };
    router_entrypoint::<Counter, Counter>(data.concat(), host)
}

/// A deployed contract: five steps, and `OWNER` owns it.
fn deployed() -> TestVM {
    let vm = TestVM::new();
    vm.set_sender(OWNER);
    let init = encode!((uint256, address) => U256::from(5), OWNER);
    assert_eq!(call(&vm, &[&CONSTRUCTOR, &init]), Ok(vec![]));
    vm
}

#[test]
fn the_constructor_runs_once() {
    let vm = deployed();
    assert_eq!(call(&vm, &[&selector("count()")]), Ok(word(5)));
    let again = encode!((uint256, address) => U256::from(9), OTHER);
    assert_eq!(call(&vm, &[&CONSTRUCTOR, &again]), Err(vec![]));
    assert_eq!(call(&vm, &[&selector("count()")]), Ok(word(5)));
}

#[test]
fn a_malformed_constructor_does_not_count_as_run() {
    let vm = TestVM::new();
    assert_eq!(call(&vm, &[&CONSTRUCTOR, &word(5)]), Err(vec![]));
    vm.set_value(U256::from(1));
    let init = encode!((uint256, address) => U256::from(5), OWNER);
    assert_eq!(call(&vm, &[&CONSTRUCTOR, &init]), Err(vec![]), "it takes no value");
    vm.set_value(U256::ZERO);
    assert_eq!(call(&vm, &[&CONSTRUCTOR, &init]), Ok(vec![]));
}

#[test]
fn counting_returns_and_logs() {
    let vm = deployed();
    let data = encode!((uint48, string) => 3u64, b"because");
    assert_eq!(call(&vm, &[&selector("add(uint48,string)"), &data]), Ok(word(8)));
    assert_eq!(call(&vm, &[&selector("count()")]), Ok(word(8)));
    let (topics, data) = vm.get_emitted_logs().remove(0);
    assert_eq!(topics, [keccak256("Counted(address,uint256,string)"), OWNER.into_word()]);
    assert_eq!(data, encode!((uint256, string) => U256::from(8), b"because"));
}

#[test]
fn a_string_need_not_be_text() {
    let data = encode!((uint48, string) => 1u64, [0xff, 0xfe]);
    assert_eq!(call(&deployed(), &[&selector("add(uint48,string)"), &data]), Ok(word(6)));
}

#[test]
fn an_error_with_its_arguments() {
    let vm = deployed();
    vm.set_sender(OTHER);
    let data = encode!((uint48, string) => 2u64, b"");
    let error =
        [&selector("CounterOnlyOwner(address,uint48)")[..], &encode!((address, uint48) => OTHER, 2u64)].concat();
    assert_eq!(call(&vm, &[&selector("add(uint48,string)"), &data]), Err(error.clone()));
    assert_eq!(Revert::from(CounterOnlyOwner { caller: OTHER, by: 2 }), Revert::from(error));
}

/// The fragment's functions, events and errors are the contract's.
#[test]
fn a_component_answers_and_guards() {
    let vm = deployed();
    assert_eq!(call(&vm, &[&selector("owner()")]), Ok(encode!((address) => OWNER)));
    let to_other = encode!((address) => OTHER);
    assert_eq!(call(&vm, &[&selector("setOwner(address)"), &to_other]), Ok(vec![]));
    let (topics, _) = vm.get_emitted_logs().remove(0);
    assert_eq!(topics, [keccak256("OwnerChanged(address)"), OTHER.into_word()]);
    assert_eq!(call(&vm, &[&selector("owner()")]), Ok(encode!((address) => OTHER)));
    // OWNER is a stranger now, to the component's function and to the contract's own.
    let refused = [&selector("NotOwner(address)")[..], &encode!((address) => OWNER)].concat();
    assert_eq!(call(&vm, &[&selector("setOwner(address)"), &to_other]), Err(refused.clone()));
    assert_eq!(call(&vm, &[&selector("reset()")]), Err(refused.clone()));
    assert_eq!(call(&vm, &[&selector("count()")]), Ok(word(5)));
    assert_eq!(Revert::from(NotOwner { account: OWNER }), Revert::from(refused));
    vm.set_sender(OTHER);
    assert_eq!(call(&vm, &[&selector("reset()")]), Ok(vec![]));
    assert_eq!(call(&vm, &[&selector("count()")]), Ok(word(0)));
}

#[test]
fn malformed_calldata_comes_before_the_guard() {
    let vm = deployed();
    vm.set_sender(OTHER);
    assert_eq!(call(&vm, &[&selector("setOwner(address)"), &[0xff; 32]]), Err(vec![]));
}

/// As Solidity's `type(IOwned).interfaceId`.
#[test]
fn a_fragment_has_its_erc165_id() {
    let [owner, set_owner] = ["owner()", "setOwner(address)"].map(|name| u32::from_be_bytes(selector(name)));
    assert_eq!(u32::from_be_bytes(OWNED_INTERFACE_ID), owner ^ set_owner);
}

#[test]
fn by_its_methods() {
    let vm = TestVM::new();
    vm.set_sender(OTHER);
    let mut counter = Counter::from(&vm);
    counter.init(U256::from(1), OWNER).unwrap();
    assert_eq!(counter.add(1, b""), Ok(U256::from(2)));
    assert_eq!(counter.add(2, b""), Err(CounterOnlyOwner { caller: OTHER, by: 2 }.into()));
    assert_eq!(counter.count(), U256::from(2));
}

#[test]
fn a_pure_function() {
    assert_eq!(call(&TestVM::new(), &[&selector("unit()")]), Ok(encode!((string) => b"step")));
}

#[test]
fn value_is_refused_where_it_is_not_payable() {
    let vm = deployed();
    vm.set_value(U256::from(1));
    let data = encode!((uint48, string) => 1u64, b"");
    assert_eq!(call(&vm, &[&selector("add(uint48,string)"), &data]), Err(vec![]));
    assert_eq!(call(&vm, &[&selector("count()")]), Err(vec![]));
    let many = encode!((address[], bytes[]) => [Address::ZERO; 0], [b""; 0]);
    let payable = call(&vm, &[&selector("add(address[],bytes[])"), &many]);
    assert_eq!(payable, Ok(encode!((uint256, bool) => U256::from(5), true)));
    assert_eq!(call(&vm, &[]), Ok(vec![]), "receive takes it");
}

#[test]
fn what_is_not_there_reverts() {
    let vm = deployed();
    for data in [&[1][..], &[1, 2, 3], &[0xde, 0xad, 0xbe, 0xef], &selector("count(uint256)")] {
        assert_eq!(call(&vm, &[data]), Err(vec![]), "{}", hex::encode(data));
    }
}

#[test]
fn malformed_arguments_revert_and_change_nothing() {
    let vm = deployed();
    let good = encode!((uint48, string) => 1u64, b"why");
    let dirty = [&[0xff][..], &good[1..]].concat();
    for data in [&good[..good.len() - 32], &good[..31], &dirty, &[]] {
        assert_eq!(call(&vm, &[&selector("add(uint48,string)"), data]), Err(vec![]));
    }
    assert_eq!(call(&vm, &[&selector("count()")]), Ok(word(5)));
    assert!(vm.get_emitted_logs().is_empty());
}

#[test]
fn calls_are_encoded_and_their_failure_bubbles() {
    let vm = deployed();
    let voter = Address::repeat_byte(7);
    let data = encode!((address[], bytes[]) => [voter], [b"note"]);
    let votes =
        [&selector("getPastVotes(address,uint256)")[..], &encode!((address, uint256) => voter, U256::ZERO)].concat();
    let delegate = [&selector("delegate(address)")[..], &encode!((address) => voter)].concat();
    let add_many = selector("add(address[],bytes[])");

    vm.set_code(voter, vec![1]);
    // Whatever is called returns the data that was set last, which only the votes read.
    vm.mock_call(voter, delegate.clone(), U256::ZERO, Ok(vec![]));
    vm.mock_static_call(voter, votes.clone(), Ok(word(9)));
    assert_eq!(call(&vm, &[&add_many, &data]), Ok(encode!((uint256, bool) => U256::from(5), true)));

    vm.mock_call(voter, delegate, U256::ZERO, Err(B256::repeat_byte(3).to_vec()));
    assert_eq!(call(&vm, &[&add_many, &data]), Err(B256::repeat_byte(3).to_vec()));

    vm.mock_static_call(voter, votes, Ok(vec![]));
    assert_eq!(call(&vm, &[&add_many, &data]), Err(vec![]), "votes that are not returned");
}

#[test]
fn the_guide_shows_this_very_contract() {
    const GUIDE: &str = include_str!("../../abi/README.md");
    for (name, source) in
        [("owned.rs", include_str!("owned.rs")), ("abi.rs", include_str!("abi.rs")), ("lib.rs", include_str!("lib.rs"))]
    {
        assert!(
            GUIDE.contains(&alloc::format!("```Rust\n{source}```\n")),
            "crates/abi/README.md shows another src/{name}"
        );
    }
}
