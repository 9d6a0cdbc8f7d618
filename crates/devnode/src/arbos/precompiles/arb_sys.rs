//! ArbSys (0x64): the chain, and messages to L1.

use super::{
    call::{Call, Halt},
    method::{Method, methods},
};
use crate::arbos::{addresses::ARB_SYS, layout::layout, merkle, storage::Ledger};
use alloy_primitives::{Address, B256, Bytes, U256, address};
use nitro::ArbSys::*;
use revm::Database;

pub(super) const METHODS: &[Method] = methods! {
    View arbBlockNumberCall => |call: &mut Call<'_>, _| Ok(U256::from(call.block().number));
    View arbBlockHashCall => block_hash;
    View arbChainIDCall => |call: &mut Call<'_>, _| Ok(U256::from(call.block().chain_id));
    // Versions before Nitro's first took the numbers up to 55.
    View arbOSVersionCall => |call: &mut Call<'_>, _| Ok(U256::from(55 + call.version().number()));
    View getStorageGasAvailableCall => |_: &mut Call<'_>, _| Ok(U256::ZERO);
    View isTopLevelCallCall => |call: &mut Call<'_>, _| Ok(call.depth() <= 2);
    Pure mapL1SenderContractAddressToL2AliasCall => |_: &mut Call<'_>, of: mapL1SenderContractAddressToL2AliasCall| Ok(alias(of.sender));
    // Only messages from L1 have aliased senders, and there is no L1.
    View wasMyCallersAddressAliasedCall => |_: &mut Call<'_>, _| Ok(false);
    View myCallersAddressWithoutAliasingCall => |call: &mut Call<'_>, _| Ok(call.caller_of_caller());
    Payable withdrawEthCall => |call: &mut Call<'_>, to: withdrawEthCall| send_to_l1(call, to.destination, &Bytes::new());
    Payable sendTxToL1Call => |call: &mut Call<'_>, to: sendTxToL1Call| send_to_l1(call, to.destination, &to.data);
    View sendMerkleTreeStateCall => merkle_tree_state;
};

fn block_hash(call: &mut Call<'_>, of: arbBlockHashCall) -> Result<B256, Halt> {
    let current = call.block().number;
    let requested = u64::try_from(of.number).ok().filter(|number| *number < current && number + 256 >= current);
    let Some(requested) = requested else {
        return Err(Halt::error(InvalidBlockNumber { requested: of.number, current: U256::from(current) }));
    };
    let Ok(hash) = call.context().journaled_state.database.block_hash(requested);
    Ok(hash)
}

/// The address under which an L1 contract appears on L2.
pub(crate) fn alias(sender: Address) -> Address {
    const OFFSET: Address = address!("1111000000000000000000000000000000001111");
    let sum = U256::from_be_slice(sender.as_slice()).wrapping_add(U256::from_be_slice(OFFSET.as_slice()));
    Address::from_word(sum.into())
}

/// Puts a message to L1 into the tree that an L1 contract would prove it from.
fn send_to_l1(call: &mut Call<'_>, destination: Address, data: &Bytes) -> Result<U256, Halt> {
    let value = call.value();
    if !value.is_zero() && layout().native_token_owners.size(call)? > 0 {
        return Err(Halt::Other("not allowed to send value when native token owners exist"));
    }
    let (block, l1_block, time) = (call.block().number, call.block().l1_block_number, call.block().timestamp);
    let [block, l1_block, time] = [block, l1_block, time].map(U256::from);
    let caller = call.caller();
    let mut message = [caller.as_slice(), destination.as_slice()].concat();
    for word in [block, l1_block, time, value] {
        message.extend(word.to_be_bytes::<32>());
    }
    message.extend(data);
    let hash = call.keccak(&message)?;
    let updates = merkle::append(call, hash)?;
    let size = merkle::size(call)?;
    // The value lies with the precompile, and leaves the chain.
    call.destroy(ARB_SYS, value);
    for update in updates {
        let position = (U256::from(update.level) << 192) + U256::from(update.leaf);
        call.log(SendMerkleUpdate { reserved: U256::ZERO, hash: update.hash, position })?;
    }
    let leaf = U256::from(size - 1);
    // As in Nitro, a message whose log cannot be paid is sent all the same.
    let _ = call.log(L2ToL1Tx {
        caller,
        destination,
        hash: hash.into(),
        position: leaf,
        arbBlockNum: block,
        ethBlockNum: l1_block,
        timestamp: time,
        callvalue: value,
        data: data.clone(),
    });
    Ok(leaf)
}

fn merkle_tree_state(call: &mut Call<'_>, _: sendMerkleTreeStateCall) -> Result<sendMerkleTreeStateReturn, Halt> {
    if !call.caller().is_zero() {
        return Err(Halt::Other("method can only be called by address zero"));
    }
    let root = merkle::root(call)?;
    let size = merkle::size(call)?;
    let partials = merkle::partials(call, size)?;
    Ok(sendMerkleTreeStateReturn { size: U256::from(size), root, partials })
}
