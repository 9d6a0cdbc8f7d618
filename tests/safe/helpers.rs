//! The interfaces of the tests' own contracts, which say in `solidity/SafeHelpers.sol` what they do, and of newer Safes.

use alloy::sol;

sol! {
    interface Helpers {
        event Did(address me, address sender, uint256 value, bytes data);
        event Called(bool success, bytes answer);
        event Before(bytes32 arguments);
        event After(bytes32 txHash, bool success);
        event Transfer(address indexed from, address indexed to, uint256 value);
        error Refused(bytes32 hash);
        function set(uint256 mode, bytes errand) external;
        function log(bytes data) external payable;
        function echo(bytes data) external payable;
        function fail(bytes data) external payable;
        function burn() external payable;
        function spend(uint256 gas) external payable;
        function store(uint256 slot, bytes32 word) external payable;
        function call(address to, uint256 value, bytes data) external payable;
        function callSelf(bytes[] calls) external payable;
        function mint(address to, uint256 value) external;
        function balanceOf(address account) external view returns (uint256);
        function byTransfer(uint256 amount) external;
        function bySend(uint256 amount) external;
        function byCall(uint256 amount, uint256 gas) external;
        function answers(address account, bytes4 id, uint256 gas) external view returns (bool);
    }
    /// What versions from 1.5.0 on have. To an older one it is unknown calldata.
    interface Newer {
        function setModuleGuard(address moduleGuard) external;
        function checkNSignatures(address executor, bytes32 dataHash, bytes signatures, uint256 requiredSignatures)
            external view;
    }
    interface Token {
        function set(uint256 mode, address target, bytes errand) external;
    }
}
