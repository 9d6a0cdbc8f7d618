//! The logs of a message in order, with transfers of ether among them (ERC-7528).

use crate::trace::CallFrame;
use alloy_primitives::{Address, B256, Log, address, b256};

/// Whose logs transfers of ether are.
const ETHER: Address = address!("EeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE");
/// `Transfer(address,address,uint256)`.
const TRANSFER: B256 = b256!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");

/// The logs of a call and of all calls in it, each with its position in the block. `next` is the position of the next one:
/// what is logged in vain has a position too.
pub(super) fn logs_of(call: &CallFrame, with_transfers: bool, next: &mut u64) -> Vec<(u64, Log)> {
    let mut found = Vec::new();
    collect(call, with_transfers, next, &mut found);
    found
}

fn collect(call: &CallFrame, with_transfers: bool, next: &mut u64, found: &mut Vec<(u64, Log)>) {
    let before = found.len();
    let put = |found: &mut Vec<_>, next: &mut u64, log: Log| {
        found.push((*next, log));
        *next += 1;
    };
    if with_transfers && let Some(transfer) = transfer(call) {
        put(found, next, transfer);
    }
    let mut logs = call.logs.iter().peekable();
    for (index, inner) in (0u64..).zip(&call.calls) {
        while let Some(entry) = logs.next_if(|entry| entry.position <= index) {
            put(found, next, entry.log.clone());
        }
        collect(inner, with_transfers, next, found);
    }
    for entry in logs {
        put(found, next, entry.log.clone());
    }
    if call.error.is_some() {
        found.truncate(before);
    }
}

/// The ether that came with a call. Code that is called by delegation only sees it.
fn transfer(call: &CallFrame) -> Option<Log> {
    let value = call.value.filter(|value| !value.is_zero() && call.kind != "DELEGATECALL")?;
    let topics = vec![TRANSFER, call.from.into_word(), call.to.unwrap_or_default().into_word()];
    Some(Log::new_unchecked(ETHER, topics, value.to_be_bytes_vec().into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::CallLog;
    use alloy_primitives::U256;

    const A: Address = Address::with_last_byte(0xa);

    fn frame(kind: &'static str, value: u64, position: u64, error: bool, calls: Vec<CallFrame>) -> CallFrame {
        let log = Log::new_unchecked(A, vec![], vec![value as u8].into());
        CallFrame {
            kind,
            from: A,
            to: Some(Address::with_last_byte(value as u8)),
            value: Some(U256::from(value)),
            error: error.then(|| "execution reverted".into()),
            logs: vec![CallLog { log, position }],
            calls,
            ..CallFrame::default()
        }
    }

    #[test]
    fn what_failed_is_counted_and_not_shown() {
        let tree = frame(
            "CALL",
            1,
            1,
            false,
            vec![
                frame("CALL", 2, 0, true, vec![frame("CALL", 3, 0, false, vec![])]),
                frame("DELEGATECALL", 4, 0, false, vec![]),
                frame("SELFDESTRUCT", 5, 0, false, vec![]),
            ],
        );
        let shown = |with_transfers| {
            let mut next = 10;
            let logs = logs_of(&tree, with_transfers, &mut next);
            let logs = logs.iter().map(|(at, log)| (*at, log.address == ETHER, *log.data.data.last().unwrap()));
            (logs.collect::<Vec<_>>(), next)
        };
        let with = vec![(10, true, 1), (15, false, 1), (16, false, 4), (17, true, 5), (18, false, 5)];
        assert_eq!(shown(true), (with, 19));
        assert_eq!(shown(false), (vec![(12, false, 1), (13, false, 4), (14, false, 5)], 15));
    }
}
