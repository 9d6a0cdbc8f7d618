//! What comes in: ether and tokens, from anybody. And ERC-165.

use alloy_primitives::FixedBytes;
use consilium_components::access_control::ACCESS_CONTROL_INTERFACE_ID;
use consilium_components::receivers::{ERC165_INTERFACE_ID, ERC1155_RECEIVER_INTERFACE_ID, TakesTokens};

use crate::Timelock;

/// What `supportsInterface` says yes to. As OpenZeppelin's timelock, without ERC-721's receiver.
const INTERFACES: [[u8; 4]; 3] = [ERC165_INTERFACE_ID, ACCESS_CONTROL_INTERFACE_ID, ERC1155_RECEIVER_INTERFACE_ID];

impl TakesTokens for Timelock {}

impl Timelock {
    pub(crate) fn supports_interface(&self, interface_id: FixedBytes<4>) -> bool {
        INTERFACES.contains(&interface_id.0)
    }
}
