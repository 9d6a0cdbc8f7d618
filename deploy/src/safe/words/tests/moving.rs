//! Whether a delegated call may write another singleton into the Safe's slot 0.

use super::*;

fn moves(transaction: &Transaction) -> bool {
    whole(transaction).moves
}

fn delegated(to: Address, data: Vec<u8>) -> Transaction {
    Transaction { operation: Operation::DelegateCall, ..plain(to, data) }
}

#[test]
fn only_known_batches_of_calls_leave_the_singleton_alone() {
    let calls = multi_send(&[packed(0, OTHER, 5, &[]), packed(0, SAFE, 0, &[])]);
    let delegate = multi_send(&[packed(0, OTHER, 5, &[]), packed(1, OTHER, 0, &[])]);
    let library = "0x38869bf66a61cF6bDB996A6aE40D5853Fd43B526".parse().expect("MultiSend 1.4.1");
    assert!(!moves(&plain(OTHER, vec![1, 2, 3, 4])));
    assert!(!moves(&delegated(library, calls.clone())));
    assert!(moves(&delegated(library, delegate)));
    assert!(moves(&delegated(library, calls[..calls.len() - 40].to_vec())));
    // The library itself called in another way, and another contract, may do anything.
    assert!(moves(&delegated(library, vec![1, 2, 3, 4])));
    assert!(moves(&delegated(OTHER, calls)));
    assert!(moves(&delegated(OTHER, Vec::new())));
}

/// As a module of the Safe somebody runs code as the Safe's own. Of another Safe it is that Safe's.
#[test]
fn a_call_that_is_passed_on_may_come_back() {
    let module = |to: Address| {
        let (value, data) = (U256::ZERO, Bytes::new());
        Safe::execTransactionFromModuleCall { to, value, data, operation: 1 }.abi_encode()
    };
    assert!(!moves(&plain(GOVERNOR, module(OTHER))));
    assert!(moves(&plain(SAFE, module(OTHER))));
    let execute = AccessManager::executeCall { target: SAFE, data: module(OTHER).into() };
    assert!(moves(&plain(OTHER, execute.abi_encode())));
}
