//! Creating a contract through the StylusDeployer.
//!
//! The StylusDeployer creates by CREATE2, from a salt that it hashes together with the constructor's arguments. So an
//! address commits to the program's code and to every argument: code at that address proves both, whoever sent the
//! transaction, and a deployment that was interrupted finds by itself what it has already done.
//!
//! Source: Offchain Labs, nitro-contracts, `src/stylus/StylusDeployer.sol`.

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::SolCall;
use eyre::Result;

use crate::activation;
use crate::artifacts::Program;
use crate::chain::{Chain, Sender};
use crate::interfaces::StylusDeployer;

/// Selector of a Stylus constructor: the first four bytes of keccak-256 of
/// `stylus_constructor()`, whatever its arguments.
pub const CONSTRUCTOR_SELECTOR: [u8; 4] = [0x55, 0x85, 0x25, 0x8d];

/// The calldata of a constructor, from its ABI-encoded arguments.
pub fn constructor_call(arguments: Vec<u8>) -> Bytes {
    [&CONSTRUCTOR_SELECTOR[..], &arguments].concat().into()
}

/// A contract that is to be created, or was.
#[derive(Clone, Debug)]
pub struct Creation {
    /// Its code.
    pub program: Program,
    /// What its constructor is called with, see [`constructor_call`].
    pub constructor: Bytes,
    /// Where it will stand.
    pub address: Address,
    stylus_deployer: Address,
    salt: B256,
}

impl Creation {
    /// Plans a contract. The salt is not zero: with zero the StylusDeployer uses CREATE.
    pub fn new(stylus_deployer: Address, salt: B256, program: Program, constructor: Bytes) -> Self {
        let hashed = keccak256([salt.as_slice(), &constructor].concat());
        let address = stylus_deployer.create2(hashed, keccak256(program.init_code()));
        Self { program, constructor, address, stylus_deployer, salt }
    }

    /// Whether it stands. The address commits to code and constructor, so any code there is the right one.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn stands(&self, chain: &Chain) -> Result<bool> {
        Ok(!chain.code(self.address).await?.is_empty())
    }

    /// Deploys the program, activates it if its code is new to the chain, and runs its constructor, all in one
    /// transaction.
    ///
    /// # Errors
    /// As any transaction; also if the chain does not take the program, or the contract stands already.
    pub async fn send(&self, sender: &Sender) -> Result<TransactionReceipt> {
        let fee = activation::fee(sender.chain(), &self.program).await?;
        sender.send(self.stylus_deployer, self.call(), fee).await
    }

    /// The call to the StylusDeployer.
    pub(crate) fn call(&self) -> Bytes {
        self.call_with(self.constructor.clone())
    }

    /// The same without a constructor: for estimates alone.
    pub(crate) fn call_without_constructor(&self) -> Bytes {
        self.call_with(Bytes::new())
    }

    fn call_with(&self, constructor: Bytes) -> Bytes {
        let call = StylusDeployer::deployCall {
            bytecode: self.program.init_code(),
            initData: constructor,
            initValue: U256::ZERO,
            salt: self.salt,
        };
        call.abi_encode().into()
    }
}
