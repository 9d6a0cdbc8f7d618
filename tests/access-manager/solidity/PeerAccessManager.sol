// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// OpenZeppelin's AccessManager, unchanged, under a name of its own.
contract PeerAccessManager is AccessManager {
    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}

/// OpenZeppelin's AccessManager with grants that end: what ours must do, said in another language and another manner. A
/// grant that has ended is forgotten where the role is granted again.
contract PeerEndingManager is AccessManager {
    event GrantEndChanged(uint64 indexed roleId, address indexed account, uint48 until);

    error AccessManagerEndTooEarly(uint48 until, uint48 start);
    error AccessManagerPermanentAdmin(address account);

    mapping(uint64 roleId => mapping(address account => uint48)) private _ends;
    /// grantRoleUntil is running.
    bool private _grantsUntil;

    constructor(address initialAdmin) AccessManager(initialAdmin) {}

    /// For callers without a delay: the grant is checked as a call of grantRole, under whose calldata a schedule would be.
    function grantRoleUntil(uint64 roleId, address account, uint32 executionDelay, uint48 until) external {
        bool permanent = roleId == ADMIN_ROLE && _since(roleId, account) != 0 && _ends[roleId][account] == 0;
        _grantsUntil = true;
        (bool success, bytes memory reason) =
            address(this).delegatecall(abi.encodeCall(this.grantRole, (roleId, account, executionDelay)));
        _grantsUntil = false;
        if (!success) {
            assembly ("memory-safe") {
                revert(add(reason, 32), mload(reason))
            }
        }
        uint48 since = _since(roleId, account);
        uint48 start = since > block.timestamp ? since : uint48(block.timestamp);
        if (until <= start) revert AccessManagerEndTooEarly(until, start);
        if (permanent) revert AccessManagerPermanentAdmin(account);
        _ends[roleId][account] = until;
        emit GrantEndChanged(roleId, account, until);
    }

    function getGrantEnd(uint64 roleId, address account) external view returns (uint48) {
        return _ends[roleId][account];
    }

    function getAccess(uint64 roleId, address account)
        public
        view
        override
        returns (uint48 since, uint32 currentDelay, uint32 pendingDelay, uint48 effect)
    {
        return _ended(roleId, account) ? (0, 0, 0, 0) : super.getAccess(roleId, account);
    }

    function _grantRole(uint64 roleId, address account, uint32 grantDelay, uint32 executionDelay)
        internal
        override
        returns (bool newMember)
    {
        if (_ended(roleId, account)) _forget(roleId, account);
        newMember = super._grantRole(roleId, account, grantDelay, executionDelay);
        if (_ends[roleId][account] == 0) return newMember;
        delete _ends[roleId][account];
        // grantRoleUntil says itself which end there is.
        if (!_grantsUntil) emit GrantEndChanged(roleId, account, 0);
    }

    function _revokeRole(uint64 roleId, address account) internal override returns (bool revoked) {
        if (_ended(roleId, account)) return false;
        revoked = super._revokeRole(roleId, account);
        delete _ends[roleId][account];
    }

    function _since(uint64 roleId, address account) private view returns (uint48 since) {
        (since,,,) = getAccess(roleId, account);
    }

    function _ended(uint64 roleId, address account) private view returns (bool) {
        uint48 until = _ends[roleId][account];
        return until != 0 && until <= block.timestamp;
    }

    /// Clears the member's slot, which is private: `_roles` is at slot 1, and `members` first in a role.
    function _forget(uint64 roleId, address account) private {
        bytes32 members = keccak256(abi.encode(roleId, uint256(1)));
        bytes32 slot = keccak256(abi.encode(account, members));
        assembly ("memory-safe") {
            sstore(slot, 0)
        }
        delete _ends[roleId][account];
    }
}
