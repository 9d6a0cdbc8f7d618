//! The contract `AbiTwin`.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, Bytes, keccak256},
    providers::Provider,
    rpc::types::TransactionRequest,
    sol_types::SolValue,
};
use eyre::Result;
use harness::{chain::Chain, peers::Peer};

use encodings::lists::LISTS;

/// The twin on a chain.
pub(crate) struct Twin<'a> {
    chain: &'a Chain,
    address: Address,
}

impl<'a> Twin<'a> {
    /// Deploys it.
    pub(crate) async fn deploy(chain: &'a Chain) -> Result<Self> {
        let address = chain.create(Peer::load("AbiTwin")?.init_code(&[])).await?;
        Ok(Self { chain, address })
    }

    /// The encoding of what it decodes from the arguments of list `index`, or nothing where it reverts.
    pub(crate) async fn again(&self, index: usize, arguments: &[u8]) -> Result<Option<Vec<u8>>> {
        let list = LISTS[index].replace(' ', "");
        let returned = call(self.chain, self.address, &format!("list{index}{list}"), arguments).await?;
        Ok(returned.map(|data| Bytes::abi_decode(&data)).transpose()?.map(Into::into))
    }
}

/// What a function returns for encoded arguments, or nothing where it reverts.
pub(crate) async fn call(chain: &Chain, to: Address, signature: &str, arguments: &[u8]) -> Result<Option<Bytes>> {
    let data: Bytes = [&keccak256(signature)[..4], arguments].concat().into();
    match chain.dev.call(TransactionRequest::default().with_to(to).with_input(data)).await {
        Ok(returned) => Ok(Some(returned)),
        // A revert is an answer; a node that does not answer is a failure of the test.
        Err(error) if error.as_error_resp().is_some_and(|answer| answer.message.starts_with("execution reverted")) => {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
