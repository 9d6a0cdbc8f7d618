use alloc::collections::BTreeSet;
use alloc::vec;

use alloy_primitives::{U256, keccak256};
use consilium_abi::Revert;
use proptest::prelude::*;

use super::*;

fn number() -> impl Strategy<Value = U256> {
    prop_oneof![
        any::<u64>().prop_map(U256::from),
        any::<[u64; 4]>().prop_map(U256::from_limbs),
        (0u64..10).prop_map(|less| U256::MAX - U256::from(less)),
        Just(U256::ZERO),
    ]
}

fn transaction() -> Transaction<'static> {
    Transaction {
        to: Address::repeat_byte(1),
        value: U256::from(2),
        data: b"data",
        operation: Operation::Call as u8,
        safe_tx_gas: U256::from(3),
        base_gas: U256::from(4),
        gas_price: U256::from(5),
        gas_token: Address::repeat_byte(6),
        refund_receiver: Address::repeat_byte(7),
    }
}

#[test]
fn the_types_hashes_are_those_of_their_names() {
    assert_eq!(DOMAIN_TYPE_HASH.hash(), keccak256("EIP712Domain(uint256 chainId,address verifyingContract)"));
    let text = "SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,\
                uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)";
    assert_eq!(TRANSACTION_TYPE_HASH.hash(), keccak256(text));
}

#[test]
fn every_member_of_a_transaction_is_signed() {
    let (one, other) = (transaction(), U256::from(77));
    let changed = [
        Transaction { to: Address::ZERO, ..one },
        Transaction { value: other, ..one },
        Transaction { data: b"date", ..one },
        Transaction { operation: Operation::DelegateCall as u8, ..one },
        Transaction { safe_tx_gas: other, ..one },
        Transaction { base_gas: other, ..one },
        Transaction { gas_price: other, ..one },
        Transaction { gas_token: Address::ZERO, ..one },
        Transaction { refund_receiver: Address::ZERO, ..one },
    ];
    let mut hashes = vec![one.hash(U256::ZERO), one.hash(U256::from(1))];
    hashes.extend(changed.iter().map(|transaction| transaction.hash(U256::ZERO)));
    let all: BTreeSet<_> = hashes.iter().collect();
    assert_eq!(all.len(), hashes.len());
}

#[test]
fn a_hash_is_of_one_safe_on_one_chain() {
    let [safe, other] = [1, 2].map(Address::repeat_byte);
    let hash = transaction().hash(U256::ZERO);
    let signed = |chain, safe| keccak256(to_be_signed(domain_separator(chain, safe), hash));
    assert_ne!(signed(1, safe), signed(2, safe));
    assert_ne!(signed(1, safe), signed(1, other));
}

#[test]
fn operations_are_two() {
    assert_eq!(Operation::of(0), Ok(Operation::Call));
    assert_eq!(Operation::of(1), Ok(Operation::DelegateCall));
    for number in 2..=u8::MAX {
        assert_eq!(Operation::of(number), Err(Revert::empty()));
    }
}

#[test]
fn the_gas_that_is_needed() {
    // A 64th is kept back of much gas, the reserve of little.
    assert_eq!(gas_needed(U256::ZERO, RESERVE), RESERVE + 500);
    assert_eq!(gas_needed(U256::from(63_000_000), RESERVE), 64_000_500 + RESERVE);
    assert_eq!(reserve(U256::ZERO), RESERVE);
    assert_eq!(reserve(U256::from(1)), RESERVE + RESERVE_FOR_ETHER);
    // Of what is left, the reserve and a 64th are kept.
    for promised in [0, 1, 10_000, 1_000_000, 30_000_000] {
        let left = gas_needed(U256::from(promised), RESERVE);
        let offered = left - RESERVE;
        assert!(offered - offered / 64 >= promised);
    }
    // What nobody can have is never enough.
    for promised in [U256::from(u64::MAX), U256::from(1) << 64, U256::MAX / U256::from(64), U256::MAX] {
        assert_eq!(gas_needed(promised, RESERVE), u64::MAX);
    }
}

#[test]
fn a_contract_signature_is_behind_all_others() {
    let own = [7; 5];
    let mut bytes = vec![0; SIGNATURE];
    bytes.extend(B256::with_last_byte(5));
    bytes.extend(own);
    let at = |at: u64| B256::from(U256::from(at));
    assert_eq!(contract_signature(&bytes, SIGNATURE, at(65)), Ok(&own[..]));
    assert_eq!(contract_signature(&bytes, SIGNATURE, at(64)), Err(SIGNATURE_INSIDE.into()));
    assert_eq!(contract_signature(&bytes, SIGNATURE, at(71)), Err(CONTRACT_SIGNATURE_LENGTH_BEYOND.into()));
    assert_eq!(contract_signature(&bytes, SIGNATURE, B256::repeat_byte(0xff)), Err(Revert::empty()));
    bytes[SIGNATURE + 31] = 6;
    assert_eq!(contract_signature(&bytes, SIGNATURE, at(65)), Err(CONTRACT_SIGNATURE_BEYOND.into()));
    bytes[SIGNATURE..SIGNATURE + 32].fill(0xff);
    assert_eq!(contract_signature(&bytes, SIGNATURE, at(65)), Err(Revert::empty()));
}

proptest! {
    /// As in 256 bits, where nothing is cut off before the end.
    #[test]
    fn the_gas_that_is_needed_is_that_of_256_bits(promised: u64, high in 0_u64..3, reserve in 0_u64..100_000) {
        let promised = U256::from_limbs([promised, high / 2, 0, 0]);
        let in_full = promised * U256::from(64) / U256::from(63) + U256::from(reserve + 500);
        prop_assert_eq!(U256::from(gas_needed(promised, reserve)), in_full.min(U256::from(u64::MAX)));
    }

    /// Whatever the bytes, what is found is inside of them and behind the signatures.
    #[test]
    fn a_contract_signature_is_inside(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        count in 0usize..3,
        at in prop_oneof![(0u64..250).prop_map(U256::from), number()],
        own in prop_oneof![(0u64..100).prop_map(U256::from), number()],
    ) {
        let (mut bytes, length) = (bytes, count * SIGNATURE);
        if let Some(word) = bytes.get_mut(small(at)..).and_then(|rest| rest.first_chunk_mut()) {
            *word = own.to_be_bytes::<32>();
        }
        if let Ok(found) = contract_signature(&bytes, length, at.into()) {
            let from = small(at) + 32;
            prop_assert!(at >= U256::from(length));
            prop_assert_eq!(found, &bytes[from..from + small(own)]);
        }
    }

    /// A part of a known length is behind the signatures and before the end, or is refused for the one that it is not.
    #[test]
    fn a_fixed_part_is_inside(
        bytes in prop::collection::vec(any::<u8>(), 0..100),
        count in 0usize..2,
        at in prop_oneof![(0u64..110).prop_map(U256::from), number()],
    ) {
        let (length, end) = (count * SIGNATURE, U256::from(bytes.len()));
        let found = fixed_part::<16>(&bytes, length, at.into(), Gs(27));
        let to = at.checked_add(U256::from(16));
        if at < U256::from(length) {
            prop_assert_eq!(found, Err(SIGNATURE_INSIDE.into()));
        } else if to.is_none() {
            prop_assert_eq!(found, Err(Revert::empty()));
        } else if to > Some(end) {
            prop_assert_eq!(found, Err(Gs(27).into()));
        } else {
            prop_assert_eq!(found.map(|part| &part[..]), Ok(&bytes[small(at)..small(at) + 16]));
        }
    }

    #[test]
    fn a_payment_is_exact_or_none(used in number(), base in number(), price in number()) {
        let wide = |number: U256| alloy_primitives::U512::from(number);
        let exact = (wide(used) + wide(base)) * wide(price);
        let fits = wide(used) + wide(base) <= wide(U256::MAX) && exact <= wide(U256::MAX);
        prop_assert_eq!(payment(used, base, price).map(wide), fits.then_some(exact));
    }

    #[test]
    fn gas_is_never_more_than_was_promised(promised in number()) {
        prop_assert!(U256::from(gas(promised)) <= promised);
    }

    #[test]
    fn a_number_follows_the_one_before(value in number()) {
        prop_assert_eq!(previous(next(value)), value);
    }

    #[test]
    fn signatures_are_split_where_they_end(r in any::<[u8; 32]>(), s in any::<[u8; 32]>(), v in any::<u8>()) {
        let bytes = [&r[..], &s, &[v]].concat();
        prop_assert_eq!(Signature::of(&bytes), Signature { r: r.into(), s: s.into(), v });
    }
}
