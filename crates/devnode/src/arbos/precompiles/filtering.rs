//! ArbFilteredTransactionsManager (0x74): transactions that are not to be executed, marked by those whom chain owners
//! allow it; and what chain owners set for that.

use super::{
    call::{Call, Halt},
    method::{Method, methods},
};
use crate::{
    arbos::{
        addresses::FILTERED_TRANSACTIONS_STATE,
        layout::{filtered_slot, layout},
        storage::{CLEAR_GAS, Ledger, READ_GAS, WRITE_GAS},
    },
    evm::{ColdAccess, Resource},
};
use alloy_primitives::{B256, U256};
use nitro::{
    ArbFilteredTransactionsManager::*,
    ArbOwner::{
        FilteredFundsRecipientSet, TransactionFiltererAdded, TransactionFiltererRemoved, addTransactionFiltererCall,
        addTransactionFiltererReturn, removeTransactionFiltererCall, removeTransactionFiltererReturn,
        setFilteredFundsRecipientCall, setFilteredFundsRecipientReturn,
    },
};

pub(super) const METHODS: &[Method] = methods! {
    Write @V60 addFilteredTransactionCall => |call: &mut Call<'_>, of: addFilteredTransactionCall| {
        mark(call, of.txHash, true)?;
        call.log(FilteredTransactionAdded { txHash: of.txHash }).map(|()| addFilteredTransactionReturn {})
    };
    Write @V60 deleteFilteredTransactionCall => |call: &mut Call<'_>, of: deleteFilteredTransactionCall| {
        mark(call, of.txHash, false)?;
        call.log(FilteredTransactionDeleted { txHash: of.txHash }).map(|()| deleteFilteredTransactionReturn {})
    };
    View @V60 isTransactionFilteredCall => |call: &mut Call<'_>, of: isTransactionFilteredCall| {
        call.burn(Resource::StorageRead, READ_GAS)?;
        let mark = call.context().cold_sload(FILTERED_TRANSACTIONS_STATE, filtered_slot(of.txHash));
        Ok::<_, Halt>(mark == U256::ONE)
    };
};

/// Marks a transaction or removes its mark. Anybody who is not allowed to loses all gas.
fn mark(call: &mut Call<'_>, transaction: B256, filtered: bool) -> Result<(), Halt> {
    let caller = call.caller();
    if !layout().filterers.contains(call, caller)? {
        return Err(call.burn_out());
    }
    call.writable()?;
    call.burn(Resource::StorageWrite, if filtered { WRITE_GAS } else { CLEAR_GAS })?;
    let mark = U256::from(u8::from(filtered));
    call.context().preserve(FILTERED_TRANSACTIONS_STATE);
    call.context().cold_sstore(FILTERED_TRANSACTIONS_STATE, filtered_slot(transaction), mark);
    Ok(())
}

pub(super) fn add_filterer(
    call: &mut Call<'_>,
    of: addTransactionFiltererCall,
) -> Result<addTransactionFiltererReturn, Halt> {
    let from = call.get_u64(layout().filtering_from)?;
    if from == 0 || from > call.block().timestamp {
        return Err(Halt::Other("transaction filtering feature is not enabled yet"));
    }
    layout().filterers.add(call, of.filterer)?;
    call.log(TransactionFiltererAdded { filterer: of.filterer }).map(|()| addTransactionFiltererReturn {})
}

pub(super) fn remove_filterer(
    call: &mut Call<'_>,
    of: removeTransactionFiltererCall,
) -> Result<removeTransactionFiltererReturn, Halt> {
    if !layout().filterers.contains(call, of.filterer)? {
        return Err(Halt::Other("tried to remove non existing transaction filterer"));
    }
    layout().filterers.remove(call, of.filterer)?;
    call.log(TransactionFiltererRemoved { filterer: of.filterer }).map(|()| removeTransactionFiltererReturn {})
}

pub(super) fn set_recipient(
    call: &mut Call<'_>,
    to: setFilteredFundsRecipientCall,
) -> Result<setFilteredFundsRecipientReturn, Halt> {
    call.set_address(layout().filtered_funds_recipient, to.newRecipient)?;
    let event = FilteredFundsRecipientSet { newRecipient: to.newRecipient };
    call.log(event).map(|()| setFilteredFundsRecipientReturn {})
}
