//! Taking every token that is sent: ERC-721 and ERC-1155. And ERC-165, by which a contract says that it does.

use alloy_primitives::{Address, FixedBytes, U256, fixed_bytes};
use consilium_abi::{List, sol_abi};

/// The answer of each receiver is its own selector.
const ON_ERC721_RECEIVED: FixedBytes<4> = fixed_bytes!("0x150b7a02");
const ON_ERC1155_RECEIVED: FixedBytes<4> = fixed_bytes!("0xf23a6e61");
const ON_ERC1155_BATCH_RECEIVED: FixedBytes<4> = fixed_bytes!("0xbc197c81");

sol_abi! {
    /// Which interfaces a contract has (ERC-165). The contract itself knows, so the method is its own.
    fragment Erc165 {
        /// Whether the contract has the interface of this id (ERC-165).
        function supportsInterface(bytes4 interfaceId) external view returns (bool) => supports_interface;
    }
}

sol_abi! {
    /// Takes every ERC-721 token.
    fragment Erc721Receiver {
        /// Takes an ERC-721 token, whichever it is.
        function onERC721Received(address operator, address from, uint256 tokenId, bytes data)
            external returns (bytes4) => on_erc721_received;
    }
}

sol_abi! {
    /// Takes every ERC-1155 token.
    fragment Erc1155Receiver {
        /// Takes ERC-1155 tokens of one id, whichever it is.
        function onERC1155Received(address operator, address from, uint256 id, uint256 value, bytes data)
            external returns (bytes4) => on_erc1155_received;
        /// Takes a batch of ERC-1155 tokens, whichever they are.
        function onERC1155BatchReceived(address operator, address from, uint256[] ids, uint256[] values, bytes data)
            external returns (bytes4) => on_erc1155_batch_received;
    }
}

/// The methods of [`Erc721Receiver`] and [`Erc1155Receiver`]. Nothing is stored.
pub trait TakesTokens {
    /// `onERC721Received`.
    fn on_erc721_received(&mut self, _: Address, _: Address, _: U256, _: &[u8]) -> FixedBytes<4> {
        ON_ERC721_RECEIVED
    }

    /// `onERC1155Received`.
    fn on_erc1155_received(&mut self, _: Address, _: Address, _: U256, _: U256, _: &[u8]) -> FixedBytes<4> {
        ON_ERC1155_RECEIVED
    }

    /// `onERC1155BatchReceived`.
    fn on_erc1155_batch_received(
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

#[cfg(test)]
mod tests {
    use super::*;

    /// As `type(IERC165).interfaceId` and its like. ERC-721's receiver has one function, whose selector is the id.
    #[test]
    fn the_fragments_erc165_ids() {
        assert_eq!(ERC165_INTERFACE_ID, [0x01, 0xff, 0xc9, 0xa7]);
        assert_eq!(ERC721_RECEIVER_INTERFACE_ID, ON_ERC721_RECEIVED.0);
        assert_eq!(ERC1155_RECEIVER_INTERFACE_ID, [0x4e, 0x23, 0x12, 0xe0]);
    }
}
