//! What a node that behaves as Hardhat's network has beyond its chain: accounts that it sends for.

use crate::accounts;
use alloy::signers::local::PrivateKeySigner;
use alloy_primitives::{Address, B256, keccak256, map::AddressSet};
use parking_lot::Mutex;
use std::time::SystemTime;

/// Who may be sent for.
#[derive(Debug)]
pub(super) struct Hardhat {
    /// The accounts whose keys it has.
    pub(super) signers: Vec<PrivateKeySigner>,
    impersonated: Mutex<Impersonated>,
    /// Held from when a nonce is given to a transaction until that is sent: another one may come at the same time.
    pub(super) turn: tokio::sync::Mutex<()>,
    /// Names this run of the node; another one after each reset.
    instance: Mutex<B256>,
}

#[derive(Debug, Default)]
struct Impersonated {
    all: bool,
    some: AddressSet,
}

impl Hardhat {
    pub(super) fn new() -> Self {
        Self {
            signers: accounts::signers().collect(),
            impersonated: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            instance: Mutex::new(instance()),
        }
    }

    /// The account with its key, if it is here.
    pub(super) fn signer(&self, address: Address) -> Option<&PrivateKeySigner> {
        self.signers.iter().find(|signer| signer.address() == address)
    }

    /// Whether it sends for an account without its signature.
    pub(super) fn impersonates(&self, address: Address) -> bool {
        let impersonated = self.impersonated.lock();
        impersonated.all || impersonated.some.contains(&address)
    }

    pub(super) fn impersonate(&self, address: Address) {
        self.impersonated.lock().some.insert(address);
    }

    /// False if it was not impersonated.
    pub(super) fn stop_impersonating(&self, address: Address) -> bool {
        self.impersonated.lock().some.remove(&address)
    }

    pub(super) fn impersonate_all(&self, all: bool) {
        self.impersonated.lock().all = all;
    }

    pub(super) fn instance(&self) -> B256 {
        *self.instance.lock()
    }

    pub(super) fn reset(&self) {
        *self.impersonated.lock() = Impersonated::default();
        *self.instance.lock() = instance();
    }
}

fn instance() -> B256 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    keccak256([now.as_nanos().to_be_bytes(), u128::from(std::process::id()).to_be_bytes()].concat())
}
