//! The Founder: a contract for one transaction, which creates the whole DAO.
//!
//! Governor and timelock name each other in their constructors. The Founder ([source](../founder/Founder.sol)) creates
//! both, with the token between them, by CREATE: their addresses follow from its own. Its own follows, by CREATE2, from the
//! keccak-256 of the calldata that it takes. That has every constructor argument and the code of every program, or, where
//! the program [stands before](crate::beforehand), the address that follows from the code. So nobody needs a temporary role
//! to connect the contracts, and whoever sends the transaction gets no power by it.

use alloy::primitives::{Address, B256, Bytes, hex, keccak256};
use alloy::sol;
use alloy::sol_types::{SolCall, SolValue};

sol! {
    #[derive(Debug)]
    /// The Founder, as far as anybody calls it.
    interface Founder {
        struct Part {
            bytes initCode;
            bool isProgram;
            bytes constructorCall;
            uint256[] references;
        }
        event Founded(address indexed sender, address[] contracts);
        error OtherPlan();
        error AlreadyFounded();
        error CreationFailed(uint256 part);
        error BadReference(uint256 part, uint256 number);
        error ConstructorFailed(uint256 part, bytes reason);
        error RefundFailed();
        function found(Part[] calldata parts) external payable returns (address[] memory contracts);
        function plan() external view returns (bytes32);
        function addressOf(uint256 number) external view returns (address);
    }
}

/// Creation code as npm's solc makes it from `founder/Founder.sol`, by the settings of `tests/peers/compile.js`.
const CREATION_CODE: &str = include_str!("../founder/Founder.hex");

/// A Founder, and the one call that it takes.
#[derive(Clone, Debug)]
pub(crate) struct Charter {
    /// Where the Founder stands or will stand.
    pub(crate) address: Address,
    /// Creation code, with the hash of the call.
    pub(crate) init_code: Bytes,
    /// The calldata of `found`.
    pub(crate) call: Bytes,
    /// Who creates the Founder.
    pub(crate) factory: Address,
    salt: B256,
}

impl Charter {
    pub(crate) fn new(factory: Address, salt: B256, parts: Vec<Founder::Part>) -> Self {
        let call: Bytes = Founder::foundCall { parts }.abi_encode().into();
        let code = hex::decode(CREATION_CODE.trim()).expect("Founder.hex is hexadecimal");
        let init_code: Bytes = [code, keccak256(&call).abi_encode()].concat().into();
        let address = factory.create2(salt, keccak256(&init_code));
        Self { address, init_code, call, factory, salt }
    }

    /// Where the contract with this number in the plan stands or will stand.
    pub(crate) fn contract(&self, number: usize) -> Address {
        self.address.create(number as u64 + 1)
    }

    /// What the factory takes to create the Founder.
    pub(crate) fn factory_call(&self) -> Bytes {
        [self.salt.as_slice(), &self.init_code].concat().into()
    }
}
