// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// OpenZeppelin's AccessManager, unchanged, under a name of its own.
contract PeerAccessManager is AccessManager {
    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}
