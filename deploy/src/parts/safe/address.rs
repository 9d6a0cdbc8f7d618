//! Where a Safe stands or will stand: what Safe's factory works out, worked out before.

use std::borrow::Cow;
use std::collections::BTreeMap;

use alloy::primitives::{Address, B256, Bytes, U256, b256, keccak256};
use alloy::sol;
use alloy::sol_types::{SolCall, SolValue};
use consilium_bindings::Safe as abi;
use eyre::{OptionExt, Result, WrapErr, ensure};

use super::{NAME, Settings, Wallet};
use crate::artifacts::Artifacts;
use crate::beforehand;
use crate::chain::Chain;
use crate::config::{Config, ConfigError, SafeName};
use crate::explain::explain_call;

sol! {
    #[sol(rpc)]
    #[derive(Debug)]
    /// Safe's SafeProxyFactory 1.4.1, as far as it is called here.
    interface SafeProxyFactory {
        event ProxyCreation(address indexed proxy, address singleton);
        function createProxyWithNonce(address singleton, bytes initializer, uint256 saltNonce)
            external returns (address proxy);
        function proxyCreationCode() external pure returns (bytes);
    }
}

/// Keccak-256 of the code of Safe's SafeProxyFactory 1.4.1, as `@safe-global/safe-deployments` publishes it. A factory
/// with this code creates a proxy and sets it up in one transaction, and its proxies are Safe's.
pub const PROXY_FACTORY_CODE_HASH: B256 = b256!("50c3cdc4074750a7a974204a716c999edd37482f907608d960b2b025ee0b3317");

/// A Safe of a plan.
#[derive(Clone, Debug)]
pub(crate) struct PlannedSafe {
    pub(crate) name: SafeName,
    pub(crate) address: Address,
    /// Who creates it.
    pub(crate) factory: Address,
    /// The call that does.
    pub(crate) call: Bytes,
}

impl PlannedSafe {
    /// All Safes of the settings.
    ///
    /// # Errors
    /// If their addresses were not worked out.
    pub(crate) fn all(config: &Config, singleton: Address) -> Result<Vec<Self>> {
        let Some(settings) = config.safe() else { return Ok(Vec::new()) };
        let planned = |safe: &Wallet| {
            let address = safe.address.ok_or_eyre(format!(
                "the address of the Safe \"{}\" is not known: ask the chain by Config::resolved first",
                safe.name
            ))?;
            let call = SafeProxyFactory::createProxyWithNonceCall {
                singleton,
                initializer: initializer(settings, safe),
                saltNonce: nonce(config.chain.salt, safe),
            };
            let (name, factory) = (safe.name, settings.proxy_factory);
            Ok(Self { name, address, factory, call: call.abi_encode().into() })
        };
        settings.safes.iter().map(planned).collect()
    }
}

/// The call that sets a Safe up: no module, no payment, and no code that runs at the setup.
pub(super) fn initializer(settings: &Settings, safe: &Wallet) -> Bytes {
    let setup = abi::setupCall {
        owners: safe.owners.clone(),
        threshold: U256::from(safe.threshold),
        to: Address::ZERO,
        data: Bytes::new(),
        fallbackHandler: settings.fallback_handler,
        paymentToken: Address::ZERO,
        payment: U256::ZERO,
        paymentReceiver: Address::ZERO,
    };
    setup.abi_encode().into()
}

/// The factory's `saltNonce`: another one for each salt of the chain's section, and of the Safe.
pub(super) fn nonce(chain_salt: B256, safe: &Wallet) -> U256 {
    U256::from_be_bytes(keccak256((chain_salt, safe.salt).abi_encode()).0)
}

/// What the factory answers: CREATE2 by the setup and the nonce, of the proxy's code with the singleton.
fn address(factory: Address, proxy: &[u8], singleton: Address, initializer: &[u8], nonce: U256) -> Address {
    let salt = keccak256((keccak256(initializer), nonce).abi_encode());
    factory.create2(salt, keccak256([proxy, singleton.into_word().as_slice()].concat()))
}

impl Config {
    /// The same settings with the addresses of all Safes, also where these are members of offices. The code of Safe's
    /// proxies comes from its factory, whose code is compared by its hash.
    ///
    /// # Errors
    /// If there are Safes, and no SafeProxyFactory 1.4.1 stands where the settings say, or no program of the Safe was
    /// built. If a member is one of them and named by its address.
    pub async fn resolved(&self, chain: &Chain, artifacts: &Artifacts) -> Result<Cow<'_, Self>> {
        let Some(settings) = self.safe() else { return Ok(Cow::Borrowed(self)) };
        let factory = settings.proxy_factory;
        let code = chain.code(factory).await?;
        ensure!(
            keccak256(&code) == PROXY_FACTORY_CODE_HASH,
            "{} at {factory}, and no SafeProxyFactory 1.4.1: set safe.proxy_factory to one, or deploy it",
            if code.is_empty() { "there is no contract" } else { "there is another contract" }
        );
        let proxy = SafeProxyFactory::new(factory, chain.provider()).proxyCreationCode().call().await;
        let proxy = proxy.map_err(explain_call).wrap_err("could not ask Safe's factory for the code of its proxies")?;
        let singleton = beforehand::address(self.chain.create2_factory, artifacts.of(NAME)?);
        let resolved = self.with_safes(|settings, safe| {
            address(factory, &proxy, singleton, &initializer(settings, safe), nonce(self.chain.salt, safe))
        })?;
        Ok(Cow::Owned(resolved))
    }

    /// A member that is a Safe gets its address, and no other member has it: an account that is in a list by both would get
    /// two grants, of which the second changes the first one's end.
    pub(crate) fn with_safes(&self, at: impl Fn(&Settings, &Wallet) -> Address) -> Result<Self, ConfigError> {
        let mut config = self.clone();
        let mut addresses = BTreeMap::new();
        if let (Some(settings), Some(changed)) = (self.safe(), config.safe_mut()) {
            for safe in &mut changed.safes {
                let found = at(settings, safe);
                safe.address = Some(found);
                addresses.insert(safe.name, found);
            }
        }
        let mut twice = None;
        config.members_mut(|member| match &member.safe {
            Some(safe) => {
                if let Some(address) = addresses.get(safe.get_ref()) {
                    member.address = *address;
                }
            }
            None => {
                let same = addresses.iter().find(|(_, address)| **address == member.address);
                twice = twice.or(same.map(|(name, address)| (*name, *address)));
            }
        });
        let Some((name, address)) = twice else { return Ok(config) };
        Err(self.refusal(format!("the member {address} is the Safe \"{name}\": name it by `safe = \"{name}\"`")))
    }
}
