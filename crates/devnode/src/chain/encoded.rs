//! A block as bytes.

use super::{
    block::{Block, Body},
    transaction::Kind,
};
use alloy::rlp::{Encodable, Header as RlpHeader};

impl Block {
    /// As go-ethereum encodes it: header, transactions, no uncles.
    pub fn encoded(&self) -> Vec<u8> {
        let mut transactions = Vec::new();
        for included in &self.transactions {
            match &included.body {
                // A list of its own; any other is a byte string.
                Body::User(user) if user.kind == Kind::Legacy => transactions.extend_from_slice(&user.raw),
                _ => included.raw().encode(&mut transactions),
            }
        }
        let mut content = Vec::new();
        self.header.encode(&mut content);
        RlpHeader { list: true, payload_length: transactions.len() }.encode(&mut content);
        content.extend(transactions);
        RlpHeader { list: true, payload_length: 0 }.encode(&mut content);
        let mut out = Vec::new();
        RlpHeader { list: true, payload_length: content.len() }.encode(&mut out);
        out.extend(content);
        out
    }
}
