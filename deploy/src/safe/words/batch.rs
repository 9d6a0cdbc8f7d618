//! Batches of Safe's MultiSend, call by call.

use alloy::hex;
use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolValue as _;

use super::{Call, DEEPEST, Library, Operation, Teller, with};

/// `multiSend(bytes)`: each call is its operation, target, value and length, and then its data.
pub(super) const MULTI_SEND: [u8; 4] = [0x8d, 0x80, 0xff, 0x0a];

impl Teller<'_> {
    /// A batch, whoever makes its calls.
    pub(super) fn batch(&mut self, call: &Call<'_>, target: &str, arguments: &[u8], depth: usize) {
        self.say(depth, &format!("calls multiSend of {target}{}, a batch:", with(call.value)));
        let library = Library::at(call.to);
        if library.is_none() {
            self.say(depth, "NOT SAFE'S MULTISEND AS KNOWN HERE: what it does with the following is not known");
        }
        let executor = if call.operation == Operation::DelegateCall { call.by } else { Some(call.to) };
        if executor.is_some_and(|executor| executor != self.safe) {
            let whose = executor.map(|executor| self.whose(executor)).unwrap_or_default();
            self.say(depth, &format!("these calls are in the name of {whose}, not of the Safe"));
        }
        self.entries(arguments, library, executor, depth);
    }

    /// The calls of a batch.
    pub(super) fn entries(
        &mut self,
        arguments: &[u8],
        library: Option<Library>,
        executor: Option<Address>,
        depth: usize,
    ) {
        let Some(entries) = calls(arguments) else {
            // Nobody knows what is in it.
            self.may_delegate(true);
            let data = hex::encode_prefixed(arguments);
            return self.say(depth + 1, &format!("(NOT A BATCH: its calls cannot be read, do not sign it: {data})"));
        };
        if depth >= DEEPEST {
            self.may_delegate(true);
            let data = hex::encode_prefixed(arguments);
            return self.say(depth + 1, &format!("(a batch, too deep to be told: {data})"));
        }
        for entry in entries {
            let itself = entry.to.is_zero() && library.is_none_or(|library| library.version != "1.4.1");
            let stands_for = itself.then(|| {
                let whom = executor.map_or_else(|| "whoever makes the calls".to_owned(), |whom| self.whose(whom));
                format!("the zero address, which MultiSend of 1.5.0 takes for {whom}")
            });
            let to = executor.filter(|_| itself).unwrap_or(entry.to);
            let Entry { operation, value, data, .. } = entry;
            self.tell(&Call { operation, to, stands_for, value, data, by: executor }, depth + 1);
        }
        self.more(arguments, &encoded(arguments).unwrap_or_default(), depth);
    }
}

/// A call of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry<'a> {
    operation: Operation,
    to: Address,
    value: U256,
    data: &'a [u8],
}

/// The calls of a batch, from the arguments of `multiSend`; none if it has other bytes.
fn calls(arguments: &[u8]) -> Option<Vec<Entry<'_>>> {
    let mut packed = packed(arguments)?;
    let mut found = Vec::new();
    while !packed.is_empty() {
        let (head, rest) = packed.split_first_chunk::<85>()?;
        let operation = match head[0] {
            0 => Operation::Call,
            1 => Operation::DelegateCall,
            _ => return None,
        };
        let length = usize::try_from(U256::from_be_slice(&head[53..85])).ok()?;
        let (data, next) = rest.split_at_checked(length)?;
        found.push(Entry {
            operation,
            to: Address::from_slice(&head[1..21]),
            value: U256::from_be_slice(&head[21..53]),
            data,
        });
        packed = next;
    }
    Some(found)
}

/// The same arguments as they are usually encoded.
fn encoded(arguments: &[u8]) -> Option<Vec<u8>> {
    packed(arguments).map(|packed| (Bytes::copy_from_slice(packed),).abi_encode_params())
}

/// The bytes of the only argument.
fn packed(arguments: &[u8]) -> Option<&[u8]> {
    let word = |at: usize| {
        let word = U256::from_be_slice(arguments.get(at..at.checked_add(32)?)?);
        usize::try_from(word).ok()
    };
    let at = word(0)?;
    let begin = at.checked_add(32)?;
    arguments.get(begin..begin.checked_add(word(at)?)?)
}
