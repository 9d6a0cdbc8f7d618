//! What a message does before its first frame.

use std::sync::Arc;

use alloy_primitives::U256;
use revm::{
    context::{JournalTr, journaled_state::account::JournaledAccountTr},
    handler::pre_execution::apply_auth_list,
};

use super::{Context, Message};

/// Fills the list of what is warm from the start (EIP-2929, 2930, 3651).
pub(super) fn warm(context: &mut Context, message: &Message) {
    let runtime = Arc::clone(&context.chain.runtime);
    let version = context.chain.version();
    let journal = &mut context.journaled_state;
    journal.warm_precompiles(runtime.warm_precompiles(version));
    journal.warm_coinbase_account(context.block.beneficiary);
    if !message.access_list.is_empty() {
        let mut warm = revm::primitives::AddressMap::<revm::primitives::HashSet<U256>>::default();
        for item in message.access_list.iter() {
            warm.entry(item.address)
                .or_default()
                .extend(item.storage_keys.iter().map(|key| U256::from_be_bytes(key.0)));
        }
        journal.warm_access_list(warm);
    }
}

/// Uses up the sender's nonce and installs delegations; returns the refund of the latter.
pub(super) fn begin_call(context: &mut Context, message: &Message) -> u64 {
    let journal = &mut context.journaled_state;
    let Ok(mut sender) = journal.load_account_mut(message.from);
    sender.data.bump_nonce();
    let Some(authorizations) = &message.authorizations else { return 0 };
    let refunded = apply_auth_list::<_, revm::context::result::EVMError<std::convert::Infallible>>(
        context.cfg.chain_id,
        authorizations.iter(),
        journal,
    )
    .unwrap_or(0);
    refunded * context.cfg.gas_params.tx_eip7702_auth_refund_regular()
}
