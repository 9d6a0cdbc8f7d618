//! ArbRetryableTx (0x6e): tickets for messages from L1.
//!
//! Only L1 creates tickets, and a development chain has none: each ticket is unknown, at the price of looking.

use super::{
    call::{Call, Halt},
    method::{Method, methods},
};
use crate::arbos::{layout::layout, storage::Ledger};
use alloy_primitives::{Address, B256, U256};
use nitro::ArbRetryableTx::*;

/// Seconds that a ticket lives.
const LIFETIME: u64 = 7 * 86_400;

pub(super) const METHODS: &[Method] = methods! {
    // It looks for the ticket twice: for its size, which is paid, and for itself.
    Write redeemCall => |call: &mut Call<'_>, of: redeemCall| {
        look_for(call, of.ticketId)?;
        Err::<B256, _>(unknown(call, of.ticketId)?)
    };
    View getLifetimeCall => |_: &mut Call<'_>, _| Ok(U256::from(LIFETIME));
    View getTimeoutCall => |call: &mut Call<'_>, of: getTimeoutCall| Err::<U256, _>(unknown(call, of.ticketId)?);
    Write keepaliveCall => |call: &mut Call<'_>, of: keepaliveCall| Err::<U256, _>(unknown(call, of.ticketId)?);
    View getBeneficiaryCall => |call: &mut Call<'_>, of: getBeneficiaryCall| Err::<Address, _>(unknown(call, of.ticketId)?);
    Write cancelCall => |call: &mut Call<'_>, of: cancelCall| Err::<cancelReturn, _>(unknown(call, of.ticketId)?);
    View getCurrentRedeemerCall => |_: &mut Call<'_>, _| Ok(Address::ZERO);
    Write submitRetryableCall => |_: &mut Call<'_>, _| Err::<submitRetryableReturn, _>(Halt::error(NotCallable {}));
};

/// Reads when a ticket times out.
fn look_for(call: &mut Call<'_>, ticket: B256) -> Result<(), Halt> {
    call.get(layout().retryables.child(ticket).at(5)).map(drop)
}

/// Looks for a ticket that is not there.
fn unknown(call: &mut Call<'_>, ticket: B256) -> Result<Halt, Halt> {
    look_for(call, ticket)?;
    Ok(Halt::error(NoTicketWithID {}))
}
