//! What a contract is: one row a function.

use alloc::vec::Vec;

use crate::{
    Args, Revert,
    check::{check, kind},
};

/// A function of a contract `C`.
pub struct Row<C> {
    /// The codes of its parameters' types ([`crate::kind`]), behind [`kind::PAYABLE`] where it takes value.
    pub params: &'static [u8],
    /// Reads the arguments, calls the method, encodes what it returns.
    pub run: fn(&mut C, Args<'_>) -> Result<Vec<u8>, Revert>,
}

/// Finds the function of a selector among all functions of a contract.
pub type Find<C> = fn(u32) -> Option<Row<C>>;

/// A contract that is asked by calldata from within, as its entrypoint asks it. `sol_abi!` implements it for the contract
/// that answers an interface.
///
/// Caller, value and storage are those of the call that is running, and guards run as ever: as in Solidity's
/// `address(this).delegatecall(calldata)`, without the cost of entering the program again.
pub trait Answers {
    /// Calls the function that `calldata` names. Without one it refuses without data: the constructor, `receive` and
    /// `fallback` are not found here.
    fn answer(&mut self, calldata: &[u8]) -> Result<Vec<u8>, Revert>;
}

impl<C> Row<C> {
    /// Calls the function with calldata behind its selector. Value to a function that takes none is refused first, then
    /// malformed calldata; both without data, as Solidity does.
    pub fn call(&self, contract: &mut C, input: &[u8], has_value: impl FnOnce(&C) -> bool) -> Result<Vec<u8>, Vec<u8>> {
        let (params, refused) = match self.params.strip_prefix(&[kind::PAYABLE]) {
            Some(params) => (params, false),
            None => (self.params, has_value(contract)),
        };
        if refused || !check(params, input) {
            return Err(Vec::new());
        }
        (self.run)(contract, Args::new(input)).map_err(Vec::from)
    }
}

/// Finds the function of `selector` and calls it; `None` if there is none.
pub fn dispatch<C>(
    find: Find<C>,
    contract: &mut C,
    selector: u32,
    input: &[u8],
    has_value: impl FnOnce(&C) -> bool,
) -> Option<Result<Vec<u8>, Vec<u8>>> {
    Some(find(selector)?.call(contract, input, has_value))
}

/// [`Answers::answer`], for a contract with these functions.
pub fn answer<C>(
    find: Find<C>,
    contract: &mut C,
    calldata: &[u8],
    has_value: impl FnOnce(&C) -> bool,
) -> Result<Vec<u8>, Revert> {
    let Some((selector, input)) = calldata.split_first_chunk() else { return Err(Revert::empty()) };
    let answer = dispatch(find, contract, u32::from_be_bytes(*selector), input, has_value);
    answer.unwrap_or(Err(Vec::new())).map_err(Revert::from)
}
