//! What a retryable ticket would do: `NodeInterface.estimateRetryableTicket`. Nobody can send one, as there is no L1; the
//! call it is about is executed all the same.

use crate::{
    arbos::alias,
    chain::Simulation,
    evm::{Message, RETRY_TYPE},
};
use alloy::rlp::{BufMut, EMPTY_STRING_CODE, Encodable, Header};
use alloy_primitives::{Address, B256, TxKind, U256, keccak256};
use nitro::NodeInterface::estimateRetryableTicketCall;

/// Type of a transaction that makes a ticket.
const SUBMIT_TYPE: u8 = 0x69;
/// The least gas with which a ticket is redeemed at once.
const LEAST_GAS: u64 = 21_000;

/// A ticket that is asked about, with the gas and the price (wei) of who asks.
#[derive(Debug)]
pub(super) struct Ticket {
    call: estimateRetryableTicketCall,
    gas: u64,
    price: U256,
}

impl Ticket {
    pub(super) fn new(call: estimateRetryableTicketCall, message: &Message, base_fee: u64) -> Self {
        let price = if message.max_fee_per_gas.is_zero() { U256::ZERO } else { message.price(base_fee) };
        Self { call, gas: message.gas_limit, price }
    }

    /// The sender, as L2 knows it.
    fn sender(&self) -> Address {
        alias(self.call.sender)
    }

    fn to(&self) -> Option<Address> {
        Some(self.call.to).filter(|to| !to.is_zero())
    }

    /// Wei that it costs to keep the ticket.
    fn submission_fee(&self, l1_price: U256) -> U256 {
        l1_price.saturating_mul(U256::from(1_400 + 6 * self.call.data.len() as u64))
    }

    /// Its number: the hash of the transaction that makes it.
    pub(super) fn id(&self, l1_price: U256) -> B256 {
        let call = &self.call;
        let mut fields = Vec::with_capacity(256 + call.data.len());
        let out: &mut dyn BufMut = &mut fields;
        // No chain id.
        out.put_u8(EMPTY_STRING_CODE);
        B256::ZERO.encode(out);
        self.sender().encode(out);
        l1_price.encode(out);
        call.deposit.encode(out);
        self.price.encode(out);
        self.gas.encode(out);
        match self.to() {
            Some(to) => to.encode(out),
            None => out.put_u8(EMPTY_STRING_CODE),
        }
        call.l2CallValue.encode(out);
        call.callValueRefundAddress.encode(out);
        self.submission_fee(l1_price).encode(out);
        call.excessFeeRefundAddress.encode(out);
        call.data.encode(out);
        let mut bytes = vec![SUBMIT_TYPE];
        Header { list: true, payload_length: fields.len() }.encode(&mut bytes);
        bytes.extend(fields);
        keccak256(bytes)
    }

    /// The message that redeems the ticket, with the state in which it does. `None` if it is not redeemed at once.
    ///
    /// # Errors
    /// Nitro's text if the deposit does not suffice.
    pub(super) fn redeem(&self, at: &Simulation, l1_price: U256) -> Result<Option<(Simulation, Message)>, String> {
        let (sender, value) = (self.sender(), self.call.l2CallValue);
        let have = at.balance(&sender).saturating_add(self.call.deposit);
        let fee = self.submission_fee(l1_price);
        let left = have.checked_sub(fee).ok_or_else(|| {
            format!("insufficient funds for max submission fee: address {sender} have {have} want {fee}")
        })?;
        let for_gas = left.checked_sub(value);
        let for_gas = for_gas
            .ok_or_else(|| format!("insufficient balance for transfer: addr {sender} have {left} want {value}"))?;
        if self.gas < LEAST_GAS || for_gas < self.price.saturating_mul(U256::from(self.gas)) {
            return Ok(None);
        }
        let message = Message {
            tx_type: RETRY_TYPE,
            from: sender,
            to: self.to().map_or(TxKind::Create, TxKind::Call),
            value,
            input: self.call.data.clone(),
            gas_limit: self.gas,
            max_fee_per_gas: self.price,
            max_priority_fee_per_gas: U256::ZERO,
            access_list: Default::default(),
            authorizations: None,
            nonce: None,
            forged: false,
            raw: None,
        };
        Ok(Some((at.with_balance(sender, left), message)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::{address, b256};

    /// Recorded: `rpc/NodeInterface: estimateRetryableTicket …`.
    #[test]
    fn a_ticket_is_known_by_the_hash_that_nitro_gives() {
        let who = address!("c2BaCe834d6B60B29AF160a7782C6458C7E2EA43");
        let call = estimateRetryableTicketCall {
            sender: who,
            deposit: U256::from(1_000_000_000_000_000_000u64),
            to: address!("1295bA302cb26776b56A6E142d217b98Bb6ba1Bd"),
            l2CallValue: U256::ONE,
            excessFeeRefundAddress: who,
            callValueRefundAddress: who,
            data: Default::default(),
        };
        let ticket = Ticket { call, gas: 50_000_000, price: U256::ZERO };
        assert_eq!(ticket.sender(), address!("D3cbce834d6b60B29Af160a7782C6458c7e2FB54"));
        let recorded = b256!("15b23a41380746d02e7db371ee72eb69d2b31fb9cd0de3b99a374e08a95f2354");
        assert_eq!(ticket.id(U256::ZERO), recorded);
    }
}
