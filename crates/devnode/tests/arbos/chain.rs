//! A chain, and typed calls of its precompiles.

use alloy_primitives::{Address, B256, Bytes, Log, TxKind, U256, hex};
use alloy_sol_types::{SolCall, SolError, SolEvent};
use devnode::{ArbosVersion, DevNode};
use harness::wire::{Client, Wallet, number};
use serde_json::{Value, json};

pub(crate) const DAY: u64 = 86_400;
pub(crate) const GAS: u64 = 5_000_000;

/// A node with its client.
pub(crate) struct Chain {
    pub(crate) client: Client,
    pub(crate) node: DevNode,
}

/// What came of a transaction.
#[derive(Debug)]
pub(crate) struct Receipt(pub(crate) Value);

impl Chain {
    pub(crate) fn new() -> Self {
        Self::on(DevNode::spawn().unwrap())
    }

    pub(crate) fn with(version: ArbosVersion) -> Self {
        Self::on(DevNode::builder().arbos_version(version).spawn().unwrap())
    }

    /// A chain on a node that was started otherwise.
    pub(crate) fn on(node: DevNode) -> Self {
        Self { client: Client::new(&node), node }
    }

    /// Sends a transaction from an account.
    pub(crate) fn send(&self, from: &Wallet, to: TxKind, value: u128, input: &[u8]) -> Receipt {
        let nonce = self.client.number("eth_getTransactionCount", json!([from.address(), "latest"]));
        let hash = self.client.call("eth_sendRawTransaction", json!([from.sign(nonce, to, value, input, GAS)]));
        Receipt(self.client.call("eth_getTransactionReceipt", json!([hash])))
    }

    /// Deploys code, by code that copies what follows it.
    pub(crate) fn deploy(&self, code: &[u8]) -> Receipt {
        let size = u16::try_from(code.len()).unwrap().to_be_bytes();
        let init = [&[0x61, size[0], size[1], 0x80, 0x60, 11, 0x5f, 0x39, 0x5f, 0xf3, 0x00], code].concat();
        self.send(&Wallet::dev(), TxKind::Create, 0, &init)
    }

    /// Calls a precompile in a transaction of the development account, which is a chain owner.
    pub(crate) fn act(&self, address: Address, call: &impl SolCall) -> Receipt {
        self.send(&Wallet::dev(), TxKind::Call(address), 0, &call.abi_encode())
    }

    /// Reads from a precompile.
    pub(crate) fn read<C: SolCall>(&self, address: Address, call: &C) -> C::Return {
        C::abi_decode_returns(&self.try_read(Address::ZERO, address, 0, call).unwrap()).unwrap()
    }

    /// Calls a precompile without sending: its output, or the error.
    pub(crate) fn try_read(
        &self,
        from: Address,
        address: Address,
        value: u128,
        call: &impl SolCall,
    ) -> Result<Bytes, Value> {
        let (data, value) = (hex::encode_prefixed(call.abi_encode()), format!("{value:#x}"));
        let request = json!({ "from": from, "to": address, "data": data, "value": value });
        let answer = self.client.try_call("eth_call", json!([request, "latest"]))?;
        Ok(hex::decode(answer.as_str().unwrap()).unwrap().into())
    }

    pub(crate) fn balance(&self, address: Address) -> U256 {
        self.client.call("eth_getBalance", json!([address, "latest"])).as_str().unwrap().parse().unwrap()
    }

    /// Ether for an account.
    pub(crate) fn fund(&self, account: &Wallet) {
        assert!(self.send(&Wallet::dev(), TxKind::Call(account.address()), 10u128.pow(18), &[]).is_ok());
    }

    /// Lets time pass and makes a block.
    pub(crate) fn wait(&self, seconds: u64) {
        self.client.call("evm_increaseTime", json!([seconds]));
        self.client.call("evm_mine", json!([]));
    }

    /// Base fee of the newest block.
    pub(crate) fn base_fee(&self) -> u64 {
        number(&self.client.call("eth_getBlockByNumber", json!(["latest", false]))["baseFeePerGas"])
    }
}

impl Receipt {
    pub(crate) fn is_ok(&self) -> bool {
        number(&self.0["status"]) == 1
    }

    /// The contract that it made.
    pub(crate) fn contract(&self) -> Address {
        assert!(self.is_ok(), "{self:?}");
        self.0["contractAddress"].as_str().unwrap().parse().unwrap()
    }

    pub(crate) fn gas(&self) -> u64 {
        number(&self.0["gasUsed"])
    }

    /// The one event of a kind.
    pub(crate) fn event<E: SolEvent>(&self) -> E {
        let mut events = self.events();
        assert_eq!(events.len(), 1, "{self:?}");
        events.remove(0)
    }

    /// The events of a kind.
    pub(crate) fn events<E: SolEvent>(&self) -> Vec<E> {
        let logs = self.0["logs"].as_array().unwrap().iter();
        logs.filter_map(|log| {
            let topics: Vec<B256> = serde_json::from_value(log["topics"].clone()).unwrap();
            let data: Bytes = serde_json::from_value(log["data"].clone()).unwrap();
            E::decode_log(&Log::new(Address::ZERO, topics, data).unwrap()).ok().map(|log| log.data)
        })
        .collect()
    }
}

/// The Solidity error that a refused call carries.
pub(crate) fn error<E: SolError>(answer: Result<Bytes, Value>) -> E {
    let refused = answer.expect_err("a refusal");
    E::abi_decode(&hex::decode(refused["data"].as_str().unwrap()).unwrap()).unwrap_or_else(|_| panic!("{refused}"))
}
