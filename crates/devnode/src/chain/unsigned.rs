//! A transaction that nobody has signed yet.

use super::transaction::Kind;
use alloy::{
    eips::{eip2930::AccessList, eip7702::SignedAuthorization},
    rlp::{Encodable, Header},
};
use alloy_primitives::{Address, Bytes, U256};

/// All that a signature covers.
#[derive(Debug, Clone)]
pub struct Unsigned {
    /// Its type.
    pub kind: Kind,
    /// The chain that it is for. A legacy transaction carries it in its signature.
    pub chain_id: u64,
    /// Position among the sender's transactions.
    pub nonce: u64,
    /// Gas price, or fee cap (wei per gas).
    pub max_fee: U256,
    /// Tip (wei per gas), for the types that have one.
    pub tip: U256,
    /// Gas limit.
    pub gas: u64,
    /// Recipient, none to make a contract.
    pub to: Option<Address>,
    /// In wei.
    pub value: U256,
    /// Calldata, or creation code.
    pub input: Bytes,
    /// EIP-2930.
    pub access_list: AccessList,
    /// EIP-7702.
    pub authorizations: Vec<SignedAuthorization>,
}

impl Unsigned {
    /// Encodes it (EIP-2718) with the given bytes in the place of a signature.
    pub fn encode(&self, v: u64, r: U256, s: U256) -> Bytes {
        let mut fields = Vec::with_capacity(256 + self.input.len());
        if self.kind != Kind::Legacy {
            self.chain_id.encode(&mut fields);
        }
        self.nonce.encode(&mut fields);
        if matches!(self.kind, Kind::DynamicFee | Kind::SetCode) {
            self.tip.encode(&mut fields);
        }
        self.max_fee.encode(&mut fields);
        self.gas.encode(&mut fields);
        self.to.as_ref().map_or(&[][..], |to| to.as_slice()).encode(&mut fields);
        self.value.encode(&mut fields);
        self.input.encode(&mut fields);
        if self.kind != Kind::Legacy {
            self.access_list.encode(&mut fields);
        }
        if self.kind == Kind::SetCode {
            self.authorizations.encode(&mut fields);
        }
        v.encode(&mut fields);
        r.encode(&mut fields);
        s.encode(&mut fields);
        let mut raw = Vec::with_capacity(fields.len() + 8);
        if self.kind != Kind::Legacy {
            raw.push(self.kind as u8);
        }
        Header { list: true, payload_length: fields.len() }.encode(&mut raw);
        raw.extend_from_slice(&fields);
        raw.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Transaction;
    use alloy_primitives::{address, bytes};

    fn unsigned(kind: Kind) -> Unsigned {
        Unsigned {
            kind,
            chain_id: crate::CHAIN_ID,
            nonce: 0x28,
            max_fee: U256::from(200_000_000),
            tip: U256::ZERO,
            gas: 21_000,
            to: Some(address!("0x1295ba302cb26776b56a6e142d217b98bb6ba1bd")),
            value: U256::ONE,
            input: Bytes::new(),
            access_list: AccessList::default(),
            authorizations: Vec::new(),
        }
    }

    /// What a Nitro node answered to `eth_fillTransaction` (golden recording).
    #[test]
    fn without_a_signature_it_is_encoded_as_nitro_does() {
        let raw = unsigned(Kind::DynamicFee).encode(0, U256::ZERO, U256::ZERO);
        let recorded = bytes!("02e983064aba2880840bebc200825208941295ba302cb26776b56a6e142d217b98bb6ba1bd0180c0808080");
        assert_eq!(raw, recorded);
    }

    #[test]
    fn every_type_is_decoded_to_what_was_encoded() {
        for kind in [Kind::Legacy, Kind::AccessList, Kind::DynamicFee, Kind::SetCode] {
            let unsigned = unsigned(kind);
            let decoded = Transaction::decode(unsigned.encode(1, U256::from(2), U256::from(3))).unwrap();
            assert_eq!((decoded.kind, decoded.nonce, decoded.gas, decoded.to), (kind, 0x28, 21_000, unsigned.to));
            assert_eq!((decoded.v.to::<u64>(), decoded.r.to::<u64>(), decoded.s.to::<u64>()), (1, 2, 3));
        }
    }
}
