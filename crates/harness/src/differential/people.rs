//! Who takes part. The order is what [`super::action::Person`] numbers.

use alloy::{
    primitives::{Address, keccak256},
    signers::local::PrivateKeySigner,
};
use eyre::Result;

/// How many contracts make calls; they come first among the people.
pub(super) const ACTORS: usize = 4;
/// How many accounts with a key there are; they come after the actors.
pub(super) const SIGNERS: usize = 2;
/// How many people hold tokens at first: actors, signers and the wallet.
pub(super) const HOLDERS: usize = ACTORS + SIGNERS + 1;

/// Token, timelock and governor among the people.
pub(super) const CONTRACTS: [u8; 3] = [HOLDERS as u8 + 5, HOLDERS as u8 + 4, HOLDERS as u8 + 3];

/// Everybody.
#[derive(Clone, Debug)]
pub(super) struct People {
    pub(super) signers: [PrivateKeySigner; SIGNERS],
    /// Actors, signers, the ERC-1271 wallet, a stranger, the re-entrant target, the one that refuses every call, the
    /// governor, the timelock, the token, the zero address, and the one that uses up all gas.
    pub(super) list: Vec<Address>,
    pub(super) reader: Address,
}

impl People {
    /// `made` are the helpers in the order in which [`super::side`] creates them, `dao` token, timelock and governor.
    pub(super) fn new(made: &[Address], dao: [Address; 3]) -> Result<Self> {
        let signers = [key("differential: first signer")?, key("differential: second signer")?];
        let (actors, helpers) = made.split_at(ACTORS);
        let &[wallet, silent, reenterer, reader, burner] = helpers else { eyre::bail!("five helpers are made") };
        let [token, timelock, governor] = dao;
        let stranger = Address::repeat_byte(0x77);
        let mut list = actors.to_vec();
        list.extend(signers.iter().map(|signer| signer.address()));
        list.extend([wallet, stranger, reenterer, silent, governor, timelock, token, Address::ZERO, burner]);
        Ok(Self { signers, list, reader })
    }

    pub(super) fn actor(&self, by: u8) -> Address {
        self.list[usize::from(by) % ACTORS]
    }

    pub(super) fn person(&self, person: u8) -> Address {
        self.list[usize::from(person) % self.list.len()]
    }

    pub(super) fn signer(&self, signer: u8) -> &PrivateKeySigner {
        &self.signers[usize::from(signer) % SIGNERS]
    }

    pub(super) fn holders(&self) -> &[Address] {
        &self.list[..HOLDERS]
    }

    pub(super) fn wallet(&self) -> Address {
        self.list[HOLDERS - 1]
    }

    pub(super) fn reenterer(&self) -> Address {
        self.list[HOLDERS + 1]
    }

    pub(super) fn burner(&self) -> Address {
        self.list[HOLDERS + 7]
    }

    pub(super) fn silent(&self) -> Address {
        self.list[HOLDERS + 2]
    }
}

/// The key called `name`, always the same.
pub(super) fn key(name: &str) -> Result<PrivateKeySigner> {
    Ok(PrivateKeySigner::from_bytes(&keccak256(name))?)
}
