// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

import {PaymentSplitter} from "@openzeppelin/contracts-4/finance/PaymentSplitter.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// OpenZeppelin 4.9's splitter, as its users deploy it.
contract PeerPaymentSplitter is PaymentSplitter {
    constructor(address[] memory payees, uint256[] memory shares) payable PaymentSplitter(payees, shares) {}
}

/// One tree of one token by the rules of Uniswap's MerkleDistributor: anybody claims for the account, each index once,
/// 256 indexes a word. Its leaves are those of OpenZeppelin's StandardMerkleTree.
contract PeerDistributor {
    using SafeERC20 for IERC20;

    error AlreadyClaimed();
    error InvalidProof();

    event Claimed(uint256 index, address account, uint256 amount);

    address public immutable token;
    bytes32 public immutable merkleRoot;
    mapping(uint256 => uint256) private words;

    constructor(address token_, bytes32 root) {
        (token, merkleRoot) = (token_, root);
    }

    function isClaimed(uint256 index) public view returns (bool) {
        return words[index >> 8] >> (index & 0xff) & 1 == 1;
    }

    function claim(uint256 index, address account, uint256 amount, bytes32[] calldata proof) external {
        if (isClaimed(index)) revert AlreadyClaimed();
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(index, account, amount))));
        if (!MerkleProof.verifyCalldata(proof, merkleRoot, leaf)) revert InvalidProof();
        words[index >> 8] |= 1 << (index & 0xff);
        IERC20(token).safeTransfer(account, amount);
        emit Claimed(index, account, amount);
    }
}
