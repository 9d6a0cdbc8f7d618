//! Signatures and their hashes.

use tiny_keccak::{Hasher, Keccak};

use crate::{Event, Function, SolError, Type, items::Param};

/// The selector by which the StylusDeployer, and the SDK's router, call a Stylus constructor.
pub const CONSTRUCTOR_SELECTOR: [u8; 4] = [0x55, 0x85, 0x25, 0x8d];

/// Keccak-256.
pub fn keccak256(data: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    let mut keccak = Keccak::v256();
    keccak.update(data);
    keccak.finalize(&mut hash);
    hash
}

/// The first four bytes of the hash of a signature.
pub fn selector(signature: &str) -> [u8; 4] {
    let [a, b, c, d, ..] = keccak256(signature.as_bytes());
    [a, b, c, d]
}

fn signature<'a>(name: &syn::Ident, types: impl Iterator<Item = &'a Type>) -> String {
    format!("{}({})", crate::parse::plain(name), types.map(Type::canonical).collect::<Vec<_>>().join(","))
}

fn of_params(name: &syn::Ident, params: &[Param]) -> String {
    signature(name, params.iter().map(|p| &p.ty))
}

impl Function {
    /// `castVote(uint256,uint8)`.
    pub fn signature(&self) -> String {
        of_params(&self.name, &self.params)
    }

    /// The four bytes that call it.
    pub fn selector(&self) -> [u8; 4] {
        selector(&self.signature())
    }
}

impl SolError {
    /// `GovernorAlreadyCastVote(address)`.
    pub fn signature(&self) -> String {
        of_params(&self.name, &self.params)
    }

    /// The four bytes its revert data begins with.
    pub fn selector(&self) -> [u8; 4] {
        selector(&self.signature())
    }
}

impl Event {
    /// `VoteCast(address,uint256,uint8,uint256,string)`.
    pub fn signature(&self) -> String {
        signature(&self.name, self.params.iter().map(|p| &p.ty))
    }

    /// Its first topic.
    pub fn topic(&self) -> [u8; 32] {
        keccak256(self.signature().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_solidity_s() {
        assert_eq!(selector("transfer(address,uint256)"), [0xa9, 0x05, 0x9c, 0xbb]);
        assert_eq!(selector("stylus_constructor()"), CONSTRUCTOR_SELECTOR);
    }
}
