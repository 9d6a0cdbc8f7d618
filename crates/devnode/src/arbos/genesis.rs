//! The state that `nitro --dev` starts with (ArbOS 51: v3.9.8, 60: v3.10, 61: v3.11).

use super::{
    addresses::{BATCH_POSTER, HISTORY_STORAGE, precompiles_of},
    l1_pricing, l2_pricing,
    layout::layout,
    ledgers::LedgerDraft,
    programs,
    storage::{ARBOS_STATE, Ledger},
};
use crate::ArbosVersion;
use alloy_primitives::{Address, Bytes, U256, bytes};
use std::collections::BTreeMap;

/// An account of the genesis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GenesisAccount {
    /// Balance in wei.
    pub balance: U256,
    /// Nonce.
    pub nonce: u64,
    /// Code.
    pub code: Bytes,
    /// Slots that are not zero.
    pub storage: BTreeMap<U256, U256>,
}

/// The accounts of the genesis of a development chain: ArbOS' state, the precompiles' placeholder code, the history of
/// block hashes, and a development account with 1,000 ether that is a chain owner.
pub fn genesis(version: ArbosVersion, chain_id: u64, developer: Address) -> BTreeMap<Address, GenesisAccount> {
    let mut accounts = BTreeMap::new();
    // Solidity asks a call's target for code, and a precompile has none.
    let invalid = GenesisAccount { code: bytes!("fe"), ..Default::default() };
    accounts.extend(precompiles_of(version).map(|address| (address, invalid.clone())));
    accounts.insert(HISTORY_STORAGE, GenesisAccount { nonce: 1, code: HISTORY_CODE, ..Default::default() });
    let storage = arbos_state(version, chain_id, developer);
    // The nonce keeps the account from counting as empty.
    accounts.insert(ARBOS_STATE, GenesisAccount { nonce: 1, storage, ..Default::default() });
    let balance = U256::from(1_000) * U256::from(10).pow(U256::from(18));
    accounts.insert(developer, GenesisAccount { balance, ..Default::default() });
    accounts
}

/// EIP-2935's contract as Arbitrum has it: 393,168 blocks, by the L2 block's number.
const HISTORY_CODE: Bytes = bytes!(
    "3373fffffffffffffffffffffffffffffffffffffffe1460605760203603605c575f3563a3b1b31d5f5260205f6004601c60645afa15605c57"
    "5f51600181038211605c57816205ffd0910311605c576205ffd09006545f5260205ff35b5f5ffd5b5f356205ffd0600163a3b1b31d5f526020"
    "5f6004601c60645afa15605c575f5103065500"
);

fn arbos_state(version: ArbosVersion, chain_id: u64, developer: Address) -> BTreeMap<U256, U256> {
    let at = layout();
    let mut state = LedgerDraft::default();
    for (slot, value) in [(at.version, version.number()), (at.chain_id, chain_id), (at.brotli_level, 1)] {
        let Ok(()) = state.set_u64(slot, value);
    }
    let Ok(()) = state.set_bytes(at.chain_config, chain_config(version, chain_id).as_bytes());
    // A queue's two ends: its first item will lie at 2.
    for end in [0, 1] {
        let Ok(()) = state.set_u64(at.retryable_queue.at(end), 2);
    }
    // The chain's settings name nobody as its owner, and ArbOS adds that nobody, too.
    for owner in [Address::ZERO, developer] {
        let Ok(()) = at.chain_owners.add(&mut state, owner);
    }
    let Ok(_) = l1_pricing::add_poster(&mut state, BATCH_POSTER, BATCH_POSTER);
    for (slot, value) in l1_pricing::INITIAL.iter().chain(&l2_pricing::INITIAL) {
        let Ok(()) = state.set_u64(slot(at), *value);
    }
    programs::initialize(&mut state, version);
    state.0
}

/// The chain's settings, byte for byte as Nitro serialises them.
fn chain_config(version: ArbosVersion, chain_id: u64) -> String {
    let version = version.number();
    format!(
        r#"{{"chainId":{chain_id},"homesteadBlock":0,"daoForkSupport":true,"eip150Block":0,"eip155Block":0,"eip158Block":0,"byzantiumBlock":0,"constantinopleBlock":0,"petersburgBlock":0,"istanbulBlock":0,"muirGlacierBlock":0,"berlinBlock":0,"londonBlock":0,"depositContractAddress":"0x0000000000000000000000000000000000000000","clique":{{"period":0,"epoch":0}},"arbitrum":{{"EnableArbOS":true,"AllowDebugPrecompiles":true,"DataAvailabilityCommittee":false,"InitialArbOSVersion":{version},"InitialChainOwner":"0x0000000000000000000000000000000000000000","GenesisBlockNum":0}}}}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CHAIN_ID, DEV_ACCOUNT};
    use alloy_primitives::{B256, b256, keccak256};
    use alloy_trie::{
        TrieAccount,
        root::{state_root_unhashed, storage_root_unhashed},
    };

    fn root(version: ArbosVersion) -> B256 {
        let accounts = genesis(version, CHAIN_ID, DEV_ACCOUNT);
        state_root_unhashed(accounts.into_iter().map(|(address, account)| {
            let storage = account.storage.into_iter().map(|(slot, value)| (slot.into(), value));
            let (storage, code) = (storage_root_unhashed(storage), keccak256(&account.code));
            (address, TrieAccount::new(account.nonce, account.balance, storage, code))
        }))
    }

    /// The roots of 51 and 60 are what Nitro nodes answer of their first blocks. No answer of a node with 61 is known: its
    /// state is that of 60 with another number.
    #[test]
    fn the_state_roots_are_those_of_the_states() {
        let expected = |version| match version {
            ArbosVersion::V51 => b256!("e0c9102f18929d96c56d6e13683ade8196858c55126e23068bd7f499f379cae7"),
            ArbosVersion::V60 => b256!("0f265be0a05e70a0ff44fea02ea522310a241660811bb366db962a1d5c8ec7e5"),
            ArbosVersion::V61 => b256!("9336cba710cb02fa36693a61b77ab74ce815778323f03c058e336562820350b3"),
        };
        for version in ArbosVersion::ALL {
            assert_eq!(root(version), expected(version), "{version:?}");
        }
    }
}
