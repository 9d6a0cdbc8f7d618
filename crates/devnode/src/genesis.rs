//! What a chain holds when it starts: nothing but what `nitro --dev` has, or what nitro-devnode's script leaves.

use crate::{
    ArbosVersion, CHAIN_ID, DEV_ACCOUNT, DEV_KEY, accounts, arbos,
    chain::{Chain, Conditions, Style, Transaction},
    state::{AccountState, Changes},
};
use alloy::{
    consensus::{SignableTransaction, TxEip1559, TxEnvelope},
    eips::eip2718::Encodable2718,
    signers::{SignerSync, local::PrivateKeySigner},
};
use alloy_primitives::{Bytes, TxKind, U256, hex, keccak256};
use alloy_sol_types::SolCall;
use eyre::{WrapErr, ensure, eyre};
use nitro::{
    ARB_DEBUG, ARB_OWNER,
    ArbDebug::becomeChainOwnerCall,
    ArbOwner::{addWasmCacheManagerCall, setL1PricePerUnitCall},
    CACHE_MANAGER, CREATE2_FACTORY, CREATE2_FACTORY_SIGNER,
    CacheManager::initializeCall,
    STYLUS_DEPLOYER,
};
use revm::state::Bytecode;

/// How a chain starts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Genesis {
    /// As `nitro --dev`.
    Bare,
    /// As nitro-devnode's script leaves a chain, with a cache manager that works.
    #[default]
    Devnode,
}

/// The factory's transaction: known to all chains, signed for none, at a gas price of 100 gwei.
const FACTORY_TRANSACTION: &str = "f8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222";
const STYLUS_DEPLOYER_CODE: &str = include_str!("../assets/stylus-deployer.hex");
const CACHE_MANAGER_CODE: &str = include_str!("../assets/cache-manager.hex");

/// Bytes of programs that the cache holds: far more than a development chain has, so that no bid is too low.
const CACHE_SIZE: u64 = 512 << 20;
/// Wei by which a bid grows with every second of age of the chain, so that old bids give way.
const CACHE_DECAY: u64 = 10_000_000_000;

/// State of the first block.
pub(crate) fn state(version: ArbosVersion, style: Style) -> Changes {
    let mut changes = Changes::default();
    for (address, account) in arbos::genesis(version, CHAIN_ID, DEV_ACCOUNT) {
        let mut state = AccountState { nonce: account.nonce, balance: account.balance, ..AccountState::default() };
        if !account.code.is_empty() {
            state.code_hash = keccak256(&account.code);
            changes.codes.insert(state.code_hash, Bytecode::new_raw(account.code));
        }
        changes.accounts.insert(address, Some(state));
        changes.slots.extend(account.storage.into_iter().map(|(index, value)| ((address, index), value)));
    }
    if style == Style::Hardhat {
        let balance = U256::from(accounts::ETHER) * U256::from(10).pow(U256::from(18));
        let rich = AccountState { balance, ..AccountState::default() };
        changes.accounts.extend(accounts::signers().map(|signer| (signer.address(), Some(rich))));
    }
    changes
}

impl Genesis {
    /// Makes the first blocks.
    pub(crate) async fn prepare(self, chain: &Chain) -> eyre::Result<()> {
        if self == Self::Bare {
            return Ok(());
        }
        let signer = PrivateKeySigner::from_bytes(&DEV_KEY).wrap_err("the development key is not a valid key")?;
        let ether = U256::from(10).pow(U256::from(18));
        let call = |to, input: Vec<u8>| (TxKind::Call(to), U256::ZERO, input);
        let first = [
            call(ARB_DEBUG, becomeChainOwnerCall {}.abi_encode()),
            call(ARB_OWNER, setL1PricePerUnitCall { pricePerUnit: U256::ZERO }.abi_encode()),
            (TxKind::Call(CREATE2_FACTORY_SIGNER), ether, Vec::new()),
        ];
        let then = [
            (TxKind::Create, U256::ZERO, cache_manager()?),
            call(ARB_OWNER, addWasmCacheManagerCall { manager: CACHE_MANAGER }.abi_encode()),
            call(CREATE2_FACTORY, [[0; 32].to_vec(), hex::decode(STYLUS_DEPLOYER_CODE.trim())?].concat()),
        ];
        let mut nonce = 0;
        for message in first {
            send(chain, sign(&signer, nonce, message)?).await?;
            nonce += 1;
        }
        send(chain, Bytes::from(hex::decode(FACTORY_TRANSACTION)?)).await?;
        for message in then {
            send(chain, sign(&signer, nonce, message)?).await?;
            nonce += 1;
        }
        let view = chain.view(chain.head().header.number);
        for (name, contract) in [
            ("CREATE2 factory", CREATE2_FACTORY),
            ("cache manager", CACHE_MANAGER),
            ("StylusDeployer", STYLUS_DEPLOYER),
        ] {
            ensure!(!view.code(&contract).is_empty(), "the {name} is not at {contract}");
        }
        Ok(())
    }
}

fn sign(signer: &PrivateKeySigner, nonce: u64, message: (TxKind, U256, Vec<u8>)) -> eyre::Result<Bytes> {
    let (to, value, input) = message;
    let transaction = TxEip1559 {
        chain_id: CHAIN_ID,
        nonce,
        gas_limit: 8_000_000,
        max_fee_per_gas: 1_000_000_000,
        max_priority_fee_per_gas: 0,
        to,
        value,
        access_list: Default::default(),
        input: input.into(),
    };
    let signature = signer.sign_hash_sync(&transaction.signature_hash())?;
    Ok(TxEnvelope::from(transaction.into_signed(signature)).encoded_2718().into())
}

async fn send(chain: &Chain, raw: Bytes) -> eyre::Result<()> {
    let transaction = Transaction::decode(raw)?;
    let hash = transaction.hash;
    chain.send(transaction, Conditions::default()).await.wrap_err("a transaction of the start was refused")?;
    let (block, index) = chain.transaction(hash).ok_or_else(|| eyre!("a transaction of the start is in no block"))?;
    let receipt = &block.transactions[index as usize].receipt;
    ensure!(receipt.success, "a transaction of the start failed, in block {}", block.header.number);
    Ok(())
}

/// Creation code of a cache manager that works from its first block on.
///
/// The contract is made to live behind a proxy: only through one can it be initialised. So this code creates it, gives
/// itself its first settings by delegating to it, and becomes a minimal proxy (EIP-1167) for it.
fn cache_manager() -> eyre::Result<Vec<u8>> {
    let logic = hex::decode(CACHE_MANAGER_CODE.trim())?;
    let settings = initializeCall { initCacheSize: CACHE_SIZE, initDecay: CACHE_DECAY }.abi_encode();
    let length = (logic.len() as u16).to_be_bytes();
    let assemble = |logic_at: u16, settings_at: u16| -> Vec<u8> {
        let (logic_at, settings_at) = (logic_at.to_be_bytes(), settings_at.to_be_bytes());
        [
            // codecopy(0, logic_at, length); create(0, 0, length)
            &[0x61, length[0], length[1], 0x80, 0x61, logic_at[0], logic_at[1], 0x5f, 0x39, 0x5f, 0x5f, 0xf0][..],
            // codecopy(0, settings_at, 68)
            &[0x60, 0x44, 0x61, settings_at[0], settings_at[1], 0x5f, 0x39],
            // delegatecall(gas, logic, 0, 68, 0, 0), revert if it fails
            &[0x5f, 0x5f, 0x60, 0x44, 0x5f, 0x84, 0x5a, 0xf4, 0x60, 0x21, 0x57, 0x5f, 0x5f, 0xfd, 0x5b],
            // the proxy's code: its beginning, the logic's address, its end
            &hex!("69363d3d373d3d3d363d735f52"),
            &hex!("60601b602052"),
            &hex!("6e5af43d82803e903d91602b57fd5bf360881b603452"),
            // return(22, 45)
            &hex!("602d6016f3"),
        ]
        .concat()
    };
    let prologue = assemble(0, 0).len() as u16;
    let code = assemble(prologue, prologue + logic.len() as u16);
    Ok([code, logic, settings].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The address is a hash of the code: nitro-devnode's, to the byte.
    #[test]
    fn the_stylus_deployer_comes_to_its_address() {
        let code = hex::decode(STYLUS_DEPLOYER_CODE.trim()).unwrap();
        assert_eq!(CREATE2_FACTORY.create2_from_code([0; 32], code), STYLUS_DEPLOYER);
    }

    #[test]
    fn the_cache_manager_comes_to_its_address() {
        assert_eq!(DEV_ACCOUNT.create(3), CACHE_MANAGER);
    }
}
