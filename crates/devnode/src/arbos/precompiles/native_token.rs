//! ArbNativeTokenManager (0x73): minting and burning ether, for those whom chain owners allow it.

use super::{
    call::{Call, Halt},
    method::{Method, methods},
};
use crate::{
    arbos::{layout::layout, storage::Ledger},
    evm::Resource,
};
use nitro::ArbNativeTokenManager::*;

/// Gas of either: a warm read and a transfer of value.
const GAS: u64 = 100 + 9_000;

pub(super) const METHODS: &[Method] = methods! {
    Write mintNativeTokenCall => |call: &mut Call<'_>, of: mintNativeTokenCall| {
        let to = begin(call)?;
        call.mint(to, of.amount);
        call.log(NativeTokenMinted { to, amount: of.amount })?;
        Ok(mintNativeTokenReturn {})
    };
    Write burnNativeTokenCall => |call: &mut Call<'_>, of: burnNativeTokenCall| {
        let from = begin(call)?;
        if !call.destroy(from, of.amount) {
            return Err(Halt::Other("burn amount exceeds balance"));
        }
        call.log(NativeTokenBurned { from, amount: of.amount })?;
        Ok(burnNativeTokenReturn {})
    };
};

/// Checks that the caller is allowed (anybody else loses all gas), and charges.
fn begin(call: &mut Call<'_>) -> Result<alloy_primitives::Address, Halt> {
    let caller = call.caller();
    if !layout().native_token_owners.contains(call, caller)? {
        return Err(call.burn_out());
    }
    call.burn(Resource::StorageWrite, GAS)?;
    Ok(caller)
}
