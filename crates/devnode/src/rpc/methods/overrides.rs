//! State and block as a call is to find them, other than they are.

use crate::{
    arbos::ARBOS_STATE,
    evm,
    rpc::{
        error::RpcError,
        members::{keyed, member, plain},
        params::{Param, unexpected},
    },
    state::Overlay,
};
use alloy_primitives::{Address, B256, Bytes, U256, map::AddressSet};
use serde_json::{Map, Value};

/// What is other about one account.
#[derive(Debug, Default)]
struct AccountOverride {
    nonce: Option<u64>,
    code: Option<Bytes>,
    balance: Option<U256>,
    state: Option<Vec<(B256, B256)>>,
    diff: Option<Vec<(B256, B256)>>,
    moves_to: Option<Address>,
}

/// What is other about the state.
#[derive(Debug, Default)]
pub(super) struct StateOverride(Vec<(Address, AccountOverride)>);

impl Param for StateOverride {
    fn read(value: Value) -> Result<Self, String> {
        let Value::Object(accounts) = value else { return Err(unexpected(&value, "override.StateOverride")) };
        keyed(&accounts).map(Self)
    }
}

impl Param for AccountOverride {
    fn read(value: Value) -> Result<Self, String> {
        let members = match value {
            Value::Null => return Ok(Self::default()),
            Value::Object(members) => members,
            other => return Err(unexpected(&other, "override.OverrideAccount")),
        };
        Ok(Self {
            nonce: member(&members, "nonce")?,
            code: member(&members, "code")?,
            balance: member(&members, "balance")?,
            state: slots(&members, "state")?,
            diff: slots(&members, "stateDiff")?,
            moves_to: member(&members, "movePrecompileToAddress")?,
        })
    }
}

fn slots(members: &Map<String, Value>, name: &str) -> Result<Option<Vec<(B256, B256)>>, String> {
    match plain(members, name) {
        None => Ok(None),
        Some(Value::Object(slots)) => keyed(slots).map(Some),
        Some(other) => Err(unexpected(other, "map[common.Hash]common.Hash")),
    }
}

impl StateOverride {
    /// Refuses what cannot be overridden. Precompiles can be moved where there are `precompiles`.
    pub(super) fn check(&self, precompiles: Option<&AddressSet>) -> Result<(), RpcError> {
        let is_overridden = |address: &Address| self.0.iter().any(|(other, _)| other == address);
        for (address, account) in &self.0 {
            if *address == ARBOS_STATE {
                return Err(RpcError::failed(format!("overriding address {address}  not allowed")));
            }
            if let Some(to) = account.moves_to {
                if !precompiles.is_some_and(|precompiles| precompiles.contains(address)) {
                    return Err(RpcError::failed(format!("account {address} is not a precompile")));
                }
                if is_overridden(&to) {
                    return Err(RpcError::failed(format!("account {to} is already overridden")));
                }
            }
            if account.state.is_some() && account.diff.is_some() {
                return Err(RpcError::failed(format!("account {address} has both 'state' and 'stateDiff'")));
            }
        }
        Ok(())
    }

    /// Moves precompiles. One whose account is overridden is gone, whatever is overridden of it.
    pub(super) fn move_precompiles(&self, block: &mut evm::BlockContext) {
        for (address, account) in &self.0 {
            block.moved.remove(*address);
            if let Some(to) = account.moves_to {
                block.moved.put(*address, to);
            }
        }
    }

    /// Changes the state.
    pub(super) fn apply(self, state: &mut Overlay) {
        for (address, account) in self.0 {
            if let Some(nonce) = account.nonce {
                state.set_nonce(address, nonce);
            }
            if let Some(code) = account.code {
                state.set_code(address, code);
            }
            if let Some(balance) = account.balance {
                state.set_balance(address, balance);
            }
            if let Some(slots) = account.state {
                state.wipe(address);
                set_slots(state, address, slots);
            }
            if let Some(slots) = account.diff {
                set_slots(state, address, slots);
            }
        }
    }
}

fn set_slots(state: &mut Overlay, address: Address, slots: Vec<(B256, B256)>) {
    for (key, value) in slots {
        state.set_slot(address, key.into(), value.into());
    }
}

/// What is other about the block. `NUMBER` stays L1's, which code reads from ArbOS; `ArbSys` answers the number given here.
/// Randomness is taken and has no effect, as in Nitro: code reads the difficulty in its place.
#[derive(Debug, Default)]
pub(super) struct BlockOverride {
    pub(super) number: Option<U256>,
    pub(super) time: Option<u64>,
    pub(super) gas_limit: Option<u64>,
    pub(super) fee_recipient: Option<Address>,
    pub(super) difficulty: Option<U256>,
    pub(super) base_fee: Option<U256>,
    pub(super) randomness: Option<B256>,
    pub(super) beacon_root: Option<B256>,
    unsupported: Option<&'static str>,
}

impl Param for BlockOverride {
    fn read(value: Value) -> Result<Self, String> {
        let Value::Object(members) = value else { return Err(unexpected(&value, "override.BlockOverrides")) };
        member::<U256>(&members, "blobBaseFee")?;
        Ok(Self {
            number: member(&members, "number")?,
            base_fee: member(&members, "baseFeePerGas")?,
            randomness: member(&members, "prevRandao")?,
            beacon_root: member(&members, "beaconRoot")?,
            time: member(&members, "time")?,
            gas_limit: member(&members, "gasLimit")?,
            fee_recipient: member(&members, "feeRecipient")?,
            difficulty: member(&members, "difficulty")?,
            unsupported: ["beaconRoot", "withdrawals"].into_iter().find(|name| plain(&members, name).is_some()),
        })
    }
}

impl BlockOverride {
    /// Whether the time is fixed.
    pub(super) fn sets_time(&self) -> bool {
        self.time.is_some()
    }

    /// Refuses what cannot be overridden.
    pub(super) fn check(&self) -> Result<(), RpcError> {
        match self.unsupported {
            Some(name) => {
                Err(RpcError::failed(format!("block override \"{name}\" is not supported for this RPC method")))
            }
            None => Ok(()),
        }
    }

    /// Changes the block.
    pub(super) fn apply(self, block: &mut evm::BlockContext) {
        block.number = self.number.map_or(block.number, |number| number.saturating_to());
        block.base_fee = self.base_fee.map_or(block.base_fee, |fee| fee.saturating_to());
        block.timestamp = self.time.unwrap_or(block.timestamp);
        block.gas_limit = self.gas_limit.unwrap_or(block.gas_limit);
        block.coinbase = self.fee_recipient.unwrap_or(block.coinbase);
        block.difficulty = self.difficulty.unwrap_or(block.difficulty);
    }
}
