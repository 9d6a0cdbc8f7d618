// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// Pays as `transfer` and `send` of Solidity do, and WETH9 when it is unwrapped: with 2,300 gas for who is paid.
contract Payer {
    receive() external payable {}

    function pay(address to, uint256 amount) external {
        (bool success,) = to.call{value: amount, gas: 0}("");
        require(success, "not paid");
    }
}
