// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

import {IGovernor} from "../../abi/IGovernor.sol";

/// What a reader of data pays, set by nobody but the DAO. The executor of its decisions is the governor's timelock: a
/// contract that asks the governor for it follows the DAO even when it moves to another one.
contract AccessFee {
    IGovernor public immutable governor;
    /// In wei for each access.
    uint256 public fee;

    event FeeChanged(uint256 oldFee, uint256 newFee);
    event AccessPaid(address indexed reader, bytes32 indexed pointer);

    error OnlyTheDao(address caller);
    error WrongFee(uint256 paid, uint256 due);
    error TreasuryRefused();

    modifier onlyDao() {
        if (msg.sender != governor.timelock()) revert OnlyTheDao(msg.sender);
        _;
    }

    constructor(IGovernor governor_, uint256 fee_) {
        governor = governor_;
        fee = fee_;
    }

    /// Called by a proposal: its target is this contract, its calldata is this call.
    function setFee(uint256 newFee) external onlyDao {
        emit FeeChanged(fee, newFee);
        fee = newFee;
    }

    /// Pays for one access, straight into the treasury.
    function pay(bytes32 pointer) external payable {
        if (msg.value != fee) revert WrongFee(msg.value, fee);
        emit AccessPaid(msg.sender, pointer);
        (bool taken,) = governor.timelock().call{value: msg.value}("");
        if (!taken) revert TreasuryRefused();
    }
}
