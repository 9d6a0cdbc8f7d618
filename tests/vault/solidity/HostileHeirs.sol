// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {Vault} from "deploy/vault/Vault.sol";

/// Answers as a Safe with the owners that it was told.
contract OwnersAsTold {
    address[] private owners;
    uint256 public immutable getThreshold;

    constructor(address[] memory owners_, uint256 threshold) {
        owners = owners_;
        getThreshold = threshold;
    }

    function getOwners() external view returns (address[] memory) {
        return owners;
    }
}

/// Answers as a Safe of more owners than anybody has.
contract ManyOwners {
    uint256 public immutable getThreshold;

    constructor(uint256 count) {
        getThreshold = count;
    }

    function getOwners() external view returns (address[] memory owners) {
        owners = new address[](getThreshold);
        for (uint160 i = 0; i < owners.length; ++i) {
            owners[i] = address(0x10000 + i);
        }
    }
}

/// Answers as a Safe whose owners are Safes of the same owners, and these too, without an end.
contract OwnersOfOneAnother {
    address[] private owners;

    constructor(uint256 count) {
        for (uint256 i = 0; i < count; ++i) {
            owners.push(address(new OneOfThem(this)));
        }
    }

    function getOwners() external view returns (address[] memory) {
        return owners;
    }

    function getThreshold() external view returns (uint256) {
        return owners.length;
    }
}

/// One of these owners.
contract OneOfThem {
    OwnersOfOneAnother private immutable all;

    constructor(OwnersOfOneAnother all_) {
        all = all_;
    }

    function getOwners() external view returns (address[] memory) {
        return all.getOwners();
    }

    function getThreshold() external view returns (uint256) {
        return all.getThreshold();
    }
}

/// Answers as a vault that watches more programs than a vault does.
contract ManyPrograms {
    uint256 private immutable count;

    constructor(uint256 count_) {
        count = count_;
    }

    function terms() external pure returns (Vault.Terms memory found) {}

    function programs() external view returns (address[] memory found) {
        found = new address[](count);
    }

    function owner() external view returns (address) {
        return address(this);
    }

    function deathOf(address) external pure returns (Vault.Death memory found) {}
}
