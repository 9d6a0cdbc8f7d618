//! Errors, events, structs and calls against those that alloy generates from the same text.

// The declarations here are for comparing, not for reading.
#![allow(missing_docs)]

use std::cell::RefCell;

use alloy_primitives::{Address, B256, FixedBytes, I256, U256, keccak256};
use alloy_sol_types::{SolCall, SolError, SolEvent, SolValue};
use consilium_abi::{Chain, Revert, sol_abi};
use proptest::prelude::*;

mod theirs {
    alloy_sol_types::sol! {
        #[derive(Debug, PartialEq)]
        struct Point { uint48 x; int40 y; }
        #[derive(Debug, PartialEq)]
        struct Note { address by; string text; Point[] path; }

        error Plain();
        error Wide(address caller, uint48 by, int128 delta, bytes4 id, bool yes);
        error Dynamic(string why, bytes data, uint256[] amounts, string[2] names);
        event Nothing();
        event Moved(address indexed from, address indexed to, uint256 amount);
        event Said(string indexed topic, uint8 kind, bytes32 indexed id, string words, uint256[] numbers, bytes[] blobs);
        function queue(address[] targets, uint256[] values, bytes[] calldatas, bytes32 hash) external returns (uint256);
        function details(uint256 id) external view returns (address[], uint256[], bytes[], bytes32);
        function names() external view returns (string, bool, int8[2]);
        function pay(address to) external payable;
        function note(Note item, Point at) external returns (Point);
    }
}

sol_abi! {
    interface IOurs {
        struct Point { uint48 x; int40 y; }
        struct Note { address by; string text; Point[] path; }

        error Plain();
        error Wide(address caller, uint48 by, int128 delta, bytes4 id, bool yes);
        error Dynamic(string why, bytes data, uint256[] amounts, string[2] names);
        event Nothing();
        event Moved(address indexed from, address indexed to, uint256 amount);
        event Said(string indexed topic, uint8 kind, bytes32 indexed id, string words, uint256[] numbers, bytes[] blobs);
        function queue(address[] targets, uint256[] values, bytes[] calldatas, bytes32 hash) external returns (uint256);
        function queue(uint256 id) external => queue_by_id;
        function details(uint256 id) external view returns (address[], uint256[], bytes[], bytes32);
        function names() external view returns (string, bool, int8[2]);
        function pay(address to) external payable;
        function note(Note item, Point at) external returns (Point);
    }
}

/// A call that was made: whether it might change state, to whom, with how much, and its calldata.
type Sent = (bool, Address, U256, Vec<u8>);

/// Answers every call with one text, and keeps what was sent.
#[derive(Default)]
struct Chains {
    answer: Vec<u8>,
    fails: bool,
    empty: bool,
    sent: RefCell<Vec<Sent>>,
    logs: Vec<(Vec<u8>, usize)>,
}

impl Chains {
    fn answer(&self, change: bool, to: Address, value: U256, data: &[u8]) -> Result<Vec<u8>, Revert> {
        self.sent.borrow_mut().push((change, to, value, data.to_vec()));
        if self.fails { Err(Revert::from(self.answer.clone())) } else { Ok(self.answer.clone()) }
    }

    fn answering(answer: Vec<u8>) -> Self {
        Self { answer, ..Self::default() }
    }
}

impl Chain for Chains {
    fn call(&mut self, to: Address, value: U256, data: &[u8]) -> Result<Vec<u8>, Revert> {
        self.answer(true, to, value, data)
    }

    fn static_call(&self, to: Address, data: &[u8]) -> Result<Vec<u8>, Revert> {
        self.answer(false, to, U256::ZERO, data)
    }

    fn static_call_with_gas(&self, _: u64, to: Address, data: &[u8], _: usize) -> Result<Vec<u8>, Revert> {
        self.answer(false, to, U256::ZERO, data)
    }

    fn call_with_gas(&mut self, _: u64, to: Address, value: U256, data: &[u8], _: usize) -> Result<Vec<u8>, Revert> {
        self.answer(true, to, value, data)
    }

    fn has_code(&self, _: Address) -> bool {
        !self.empty
    }

    fn emit(&mut self, data: &[u8], topics: usize) {
        self.logs.push((data.to_vec(), topics));
    }
}

const TO: Address = Address::repeat_byte(0xcc);

fn log(event: &impl SolEvent) -> (Vec<u8>, usize) {
    let data = event.encode_log_data();
    let topics: Vec<u8> = data.topics().iter().flat_map(|topic| topic.0).collect();
    ([topics, data.data.to_vec()].concat(), data.topics().len())
}

fn uints() -> impl Strategy<Value = U256> {
    any::<[u8; 32]>().prop_map(U256::from_be_bytes)
}

fn addresses() -> impl Strategy<Value = Address> {
    any::<[u8; 20]>().prop_map(Address::new)
}

fn blobs() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..70)
}

proptest! {
    #[test]
    fn errors(caller in addresses(), by in 0u64..1 << 48, delta: i128, id: [u8; 4], yes: bool, why in ".{0,40}",
              data in blobs(), amounts in prop::collection::vec(uints(), 0..4)) {
        prop_assert_eq!(Vec::from(Revert::from(Plain)), theirs::Plain {}.abi_encode());
        let theirs = theirs::Wide { caller, by: by.try_into().unwrap(), delta, id: id.into(), yes };
        prop_assert_eq!(Vec::from(Revert::from(Wide { caller, by, delta, id: id.into(), yes })), theirs.abi_encode());
        let ours = Dynamic { why: why.as_bytes(), data: &data, amounts: &amounts, names: [b"a", why.as_bytes()] };
        let names = ["a".into(), why.clone()];
        let theirs = theirs::Dynamic { why: why.clone(), data: data.clone().into(), amounts: amounts.clone(), names };
        prop_assert_eq!(Vec::from(Revert::from(ours)), theirs.abi_encode());
        prop_assert_eq!(Wide::SELECTOR, theirs::Wide::SELECTOR);
    }

    #[test]
    fn events(from in addresses(), to in addresses(), amount in uints(), kind: u8, id: [u8; 32], words in ".{0,40}",
              numbers in prop::collection::vec(uints(), 0..4), data in prop::collection::vec(blobs(), 0..4)) {
        let mut chain = Chains::default();
        Nothing.log(&mut chain);
        Moved { from, to, amount }.log(&mut chain);
        let topic = words.as_bytes();
        Said { topic, kind, id: B256::new(id), words: topic, numbers: &numbers, blobs: &data }.log(&mut chain);
        let blobs = data.iter().cloned().map(Into::into).collect();
        let said = theirs::Said { topic: keccak256(topic), kind, id: id.into(), words: words.clone(), numbers, blobs };
        prop_assert_eq!(chain.logs, vec![log(&theirs::Nothing {}), log(&theirs::Moved { from, to, amount }), log(&said)]);
    }

    #[test]
    fn calls(targets in prop::collection::vec(addresses(), 0..3), values in prop::collection::vec(uints(), 0..3),
             data in prop::collection::vec(blobs(), 0..3), hash: [u8; 32], id in uints()) {
        let hash = B256::new(hash);
        let calldatas: Vec<_> = data.iter().cloned().map(Into::into).collect();
        let mut chain = Chains::answering(id.abi_encode());
        prop_assert_eq!(IOurs::at(TO).queue(&mut chain, &targets, &values, &data, hash), Ok(id));
        let call = theirs::queueCall { targets: targets.clone(), values: values.clone(), calldatas: calldatas.clone(), hash };
        prop_assert_eq!(chain.sent.into_inner(), vec![(true, TO, U256::ZERO, call.abi_encode())]);

        let answer = (targets.clone(), values.clone(), calldatas, hash).abi_encode_params();
        let chain = Chains::answering(answer.clone());
        prop_assert_eq!(IOurs::at(TO).details(&chain, id), Ok((targets, values, data, hash)));
        prop_assert_eq!(chain.sent.into_inner(), vec![(false, TO, U256::ZERO, theirs::detailsCall { id }.abi_encode())]);
        // Return data that ends early is refused, and without data of its own.
        let chain = Chains::answering(answer[..answer.len() - 1].to_vec());
        let early = IOurs::at(TO).details(&chain, id);
        prop_assert!(early == Err(Revert::empty()) || answer.len() % 32 == 0 && early.is_ok(), "{:?}", early);
    }

    #[test]
    fn structs(by in addresses(), text in ".{0,40}", path in prop::collection::vec((0u64..1 << 48, -(1i64 << 39)..1 << 39), 0..4)) {
        let ours: Vec<_> = path.iter().map(|&(x, y)| Point { x, y }).collect();
        let data = ours.iter().map(|point| (point.x, point.y)).collect::<Vec<_>>();
        let encoded = consilium_abi::encode!((uint48[]) => data.iter().map(|p| p.0).collect::<Vec<_>>());
        prop_assert_eq!(encoded, data.iter().map(|p| U256::from(p.0)).collect::<Vec<_>>().abi_encode());
        let theirs: Vec<_> = path.iter().map(|&(x, y)| theirs::Point { x: x.try_into().unwrap(), y: y.try_into().unwrap() }).collect();
        let point = theirs::Point { x: 7u64.try_into().unwrap(), y: (-7i64).try_into().unwrap() };
        let mut chain = Chains::answering(point.abi_encode());
        // A struct's array is a view: it is read from an encoding that the contract was given.
        let path = theirs.abi_encode_params();
        let list = consilium_abi::Args::new(&path).get(0);
        let note = Note { by, text: text.as_bytes(), path: list };
        let at = Point { x: 7, y: -7 };
        prop_assert_eq!(IOurs::at(TO).note(&mut chain, note, at), Ok(at));
        let call = theirs::noteCall { item: theirs::Note { by, text, path: theirs }, at: point };
        prop_assert_eq!(chain.sent.into_inner()[0].3.clone(), call.abi_encode());
    }
}

#[test]
fn calls_with_value_overloads_and_several_returns() {
    let mut chain = Chains::default();
    assert_eq!(IOurs::at(TO).pay(&mut chain, U256::from(5), TO), Ok(()));
    assert_eq!(IOurs::at(TO).queue_by_id(&mut chain, U256::from(9)), Ok(()));
    let sent = chain.sent.into_inner();
    assert_eq!(sent[0], (true, TO, U256::from(5), theirs::payCall { to: TO }.abi_encode()));
    assert_eq!(sent[1].3[..4], keccak256("queue(uint256)")[..4]);

    let answer = ("Ünï", true, [-1i8, 127]).abi_encode_params();
    assert_eq!(IOurs::at(TO).names(&Chains::answering(answer)), Ok(("Ünï".as_bytes().to_vec(), true, [-1, 127])));
    // A boolean of 2.
    let answer = ("", U256::from(2), [-1i8, 127]).abi_encode_params();
    assert_eq!(IOurs::at(TO).names(&Chains::answering(answer)), Err(Revert::empty()));
}

#[test]
fn a_failed_call_bubbles_and_an_account_without_code_is_refused() {
    let mut chain = Chains { fails: true, ..Chains::answering(vec![1, 2, 3]) };
    assert_eq!(IOurs::at(TO).pay(&mut chain, U256::ZERO, TO), Err(Revert::from(vec![1, 2, 3])));
    assert_eq!(IOurs::at(TO).names(&chain), Err(Revert::from(vec![1, 2, 3])));
    let mut chain = Chains { empty: true, ..Chains::default() };
    assert_eq!(IOurs::at(TO).pay(&mut chain, U256::ZERO, TO), Err(Revert::empty()));
    assert!(chain.sent.borrow().is_empty());
    // Where something is returned, no code means no return data.
    assert_eq!(IOurs::at(TO).queue(&mut chain, [TO], [U256::ZERO], [b""], B256::ZERO), Err(Revert::empty()));
}

/// Numbers that do not fit what the interface declares stop the program.
mod narrow {
    use super::*;
    use consilium_abi::encode;

    #[test]
    fn what_fits() {
        let words = encode!((uint48, uint8, int40, int40, int256, uint208) =>
            (1u64 << 48) - 1, U256::from(255), -(1i64 << 39), I256::try_from(-(1i64 << 39)).unwrap(), I256::MIN, U256::MAX >> 48);
        let min = U256::MAX - U256::from((1u64 << 39) - 1);
        let expected = (U256::from((1u64 << 48) - 1), U256::from(255), min, min, U256::from(1) << 255, U256::MAX >> 48);
        assert_eq!(words, expected.abi_encode_params());
        assert_eq!(encode!((bytes4, bytes32) => [1u8, 2, 3, 4], FixedBytes::<32>::ZERO)[..5], [1, 2, 3, 4, 0]);
    }

    macro_rules! too_wide {
        ($($name:ident: $ty:tt => $value:expr;)*) => { $(
            #[test]
            #[should_panic(expected = "does not fit")]
            fn $name() {
                encode!($ty => $value);
            }
        )* };
    }

    too_wide! {
        a_u64_as_uint48: (uint48) => 1u64 << 48;
        a_u256_as_uint208: (uint208) => U256::from(1) << 208;
        a_u256_as_uint8: (uint8) => U256::from(256);
        an_i64_as_int40: (int40) => 1i64 << 39;
        an_i64_below_int40: (int40) => -(1i64 << 39) - 1;
        an_i256_as_int40: (int40) => I256::try_from(1i64 << 39).unwrap();
        an_i256_below_int40: (int40) => I256::try_from(-(1i64 << 39) - 1).unwrap();
        within_an_array: (uint48[]) => [1u64, 1 << 48];
        within_a_fixed_array: (uint48[2]) => [1u64, 1 << 48];
    }
}
