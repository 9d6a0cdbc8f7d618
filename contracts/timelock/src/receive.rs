//! What comes in: ether and tokens, from anybody. And ERC-165.

use alloy_primitives::{Address, FixedBytes, U256, fixed_bytes};
use consilium_abi::List;

use crate::Timelock;

/// ERC-165 ids: IERC165 (ERC-165), IAccessControl (OpenZeppelin) and IERC1155Receiver (ERC-1155).
const INTERFACES: [FixedBytes<4>; 3] =
    [fixed_bytes!("0x01ffc9a7"), fixed_bytes!("0x7965db0b"), fixed_bytes!("0x4e2312e0")];

/// The answer of each receiver is its own selector.
const ON_ERC721_RECEIVED: FixedBytes<4> = fixed_bytes!("0x150b7a02");
const ON_ERC1155_RECEIVED: FixedBytes<4> = fixed_bytes!("0xf23a6e61");
const ON_ERC1155_BATCH_RECEIVED: FixedBytes<4> = fixed_bytes!("0xbc197c81");

impl Timelock {
    pub(crate) fn supports_interface(&self, interface_id: FixedBytes<4>) -> bool {
        INTERFACES.contains(&interface_id)
    }

    pub(crate) fn on_erc721_received(&mut self, _: Address, _: Address, _: U256, _: &[u8]) -> FixedBytes<4> {
        ON_ERC721_RECEIVED
    }

    pub(crate) fn on_erc1155_received(&mut self, _: Address, _: Address, _: U256, _: U256, _: &[u8]) -> FixedBytes<4> {
        ON_ERC1155_RECEIVED
    }

    pub(crate) fn on_erc1155_batch_received(
        &mut self,
        _: Address,
        _: Address,
        _: List<'_, U256>,
        _: List<'_, U256>,
        _: &[u8],
    ) -> FixedBytes<4> {
        ON_ERC1155_BATCH_RECEIVED
    }
}
