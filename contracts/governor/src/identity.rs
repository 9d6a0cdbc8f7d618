//! Names, the EIP-712 domain, ERC-165, and refused deposits.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, FixedBytes, U256, keccak256};
use consilium_abi::{List, Revert, ensure};
use consilium_components::eip712;
use stylus_sdk::prelude::*;

use crate::Governor;
use crate::abi::*;

const VERSION: &str = "1";

/// The ERC-165 ids of IERC165, IGovernor, IGovernor before it had `getProposalId`, and IERC1155Receiver.
const INTERFACES: [[u8; 4]; 4] =
    [[0x01, 0xff, 0xc9, 0xa7], [0xcd, 0xbd, 0xfc, 0xee], [0x65, 0x45, 0x5a, 0x86], [0x4e, 0x23, 0x12, 0xe0]];

impl Governor {
    pub(crate) fn name(&self) -> Vec<u8> {
        self.stored_name()
    }

    pub(crate) fn version(&self) -> &'static str {
        VERSION
    }

    #[allow(clippy::type_complexity)]
    pub(crate) fn eip712_domain(&self) -> ([u8; 1], Vec<u8>, &'static str, u64, Address, B256, [U256; 0]) {
        let vm = self.vm();
        (eip712::DOMAIN_FIELDS, self.name(), VERSION, vm.chain_id(), vm.contract_address(), B256::ZERO, [])
    }

    /// The domain separator of ballots: they count in this contract on this chain alone.
    pub(crate) fn domain_separator(&self) -> B256 {
        let vm = self.vm();
        let (name, version) = (keccak256(self.name()), keccak256(VERSION));
        eip712::domain_separator(name, version, vm.chain_id(), vm.contract_address())
    }

    pub(crate) fn supports_interface(&self, id: FixedBytes<4>) -> bool {
        INTERFACES.contains(&id.0)
    }

    pub(crate) fn receive(&mut self) -> Result<(), Revert> {
        self.accept_deposit(())
    }

    pub(crate) fn on_erc721_received(&mut self, _: Address, _: Address, _: U256, _: &[u8]) -> Result<[u8; 4], Revert> {
        self.accept_deposit([0x15, 0x0b, 0x7a, 0x02])
    }

    pub(crate) fn on_erc1155_received(
        &mut self,
        _: Address,
        _: Address,
        _: U256,
        _: U256,
        _: &[u8],
    ) -> Result<[u8; 4], Revert> {
        self.accept_deposit([0xf2, 0x3a, 0x6e, 0x61])
    }

    pub(crate) fn on_erc1155_batch_received(
        &mut self,
        _: Address,
        _: Address,
        _: List<'_, U256>,
        _: List<'_, U256>,
        _: &[u8],
    ) -> Result<[u8; 4], Revert> {
        self.accept_deposit([0xbc, 0x19, 0x7c, 0x81])
    }

    /// A proposal cannot move what the governor holds, so it takes nothing.
    fn accept_deposit<T>(&self, answer: T) -> Result<T, Revert> {
        ensure!(self.is_own_executor(), GovernorDisabledDeposit {});
        Ok(answer)
    }
}
