// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.4;

// Made by `cargo xtask abi` from contracts/voting-token/src/abi.rs: do not edit.

/// The voting token: ERC-20 (EIP-20), permit (ERC-2612), votes by delegation with a history (ERC-5805), a clock that
/// is chosen at deployment (ERC-6372) and a signing domain that wallets can read (ERC-5267).
/// @dev Amounts are in the token's smallest unit, 10^-18 of a token. Votes count only when they are delegated: a holder
/// delegates to itself to vote. Timepoints are seconds or block numbers, as `CLOCK_MODE` says.
/// The supply is fixed at deployment and nobody can mint, burn, pause or upgrade.
/// Functions, events and errors are those of OpenZeppelin Contracts 5.7: ERC20, ERC20Permit, ERC20Votes. Two more are
/// for governors: `getPastVotesAndSupply`, and ERC-165, which says that it is there.
/// @custom:constructor Creates the token and gives the whole supply to `holders`, `amounts` each. A `Transfer` from the
/// zero address is
/// logged for each. With `timestampClock` timepoints are seconds of block.timestamp, else they are block.number.
/// reverts: ERC20InvalidReceiver if a holder is the zero address; ERC20ExceededSafeSupply; VotingTokenUnevenHolders;
/// Panic(0x11) if the supply passes 2^256.
interface IVotingToken {
    // constructor(string memory name, string memory symbol, address[] memory holders, uint256[] memory amounts, bool timestampClock);

    /// Votes, `_value`, from a timepoint on, `_key`.
    struct Checkpoint208 {
        uint48 _key;
        uint208 _value;
    }

    /// `value` tokens moved. From the zero address they are new.
    event Transfer(address indexed from, address indexed to, uint256 value);

    /// `spender` may now move `value` of the owner's tokens.
    event Approval(address indexed owner, address indexed spender, uint256 value);

    /// The votes of `delegator`'s tokens have gone from one delegatee to another.
    event DelegateChanged(address indexed delegator, address indexed fromDelegate, address indexed toDelegate);

    /// The votes of `delegate` have changed, by a delegation or a transfer.
    event DelegateVotesChanged(address indexed delegate, uint256 previousVotes, uint256 newVotes);

    /// The signing domain changed (ERC-5267). It never changes here; tools look for the declaration.
    event EIP712DomainChanged();

    /// The sender has `balance` tokens and needs `needed`.
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);

    /// Tokens cannot come from this account: it is the zero address.
    error ERC20InvalidSender(address sender);

    /// Tokens cannot go to this account: it is the zero address.
    error ERC20InvalidReceiver(address receiver);

    /// The spender is allowed `allowance` tokens and needs `needed`.
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);

    /// This account cannot allow anything: it is the zero address.
    error ERC20InvalidApprover(address approver);

    /// This account cannot be allowed anything: it is the zero address.
    error ERC20InvalidSpender(address spender);

    /// The supply would pass what votes can count, 2^208 - 1.
    error ERC20ExceededSafeSupply(uint256 increasedSupply, uint256 cap);

    /// The constructor was given lists of different length.
    error VotingTokenUnevenHolders(uint256 holders, uint256 amounts);

    /// The permit's deadline has passed.
    error ERC2612ExpiredSignature(uint256 deadline);

    /// The permit was signed by `signer`, or over other values, not by `owner`.
    error ERC2612InvalidSigner(address signer, address owner);

    /// The delegation's expiry has passed.
    error VotesExpiredSignature(uint256 expiry);

    /// The nonce is not the account's next one, `currentNonce`.
    error InvalidAccountNonce(address account, uint256 currentNonce);

    /// Nobody made this signature.
    error ECDSAInvalidSignature();

    /// Never raised here: signatures come as v, r and s. Named because OpenZeppelin's interface names it.
    error ECDSAInvalidSignatureLength(uint256 length);

    /// The signature's s is in the upper half, so that it could be altered and stay valid (EIP-2).
    error ECDSAInvalidSignatureS(bytes32 s);

    /// The votes of a timepoint are known only once it is past.
    error ERC5805FutureLookup(uint256 timepoint, uint48 clock);

    /// Never raised here: the clock cannot be overridden. Named because OpenZeppelin's interface names it.
    error ERC6372InconsistentClock();

    /// The clock went backwards.
    error CheckpointUnorderedInsertion();

    /// Never raised here: what is narrowed was compared before. Named because OpenZeppelin's interface names it.
    error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value);

    /// The token's name; it is also the name in the signing domain.
    function name() external view returns (string memory);

    /// The token's symbol.
    function symbol() external view returns (string memory);

    /// How many decimal places a wallet shows: 18.
    function decimals() external view returns (uint8);

    /// All tokens there are.
    function totalSupply() external view returns (uint256);

    /// The tokens of `account`.
    function balanceOf(address account) external view returns (uint256);

    /// What `spender` may still move out of `owner`'s tokens. 2^256 - 1 is without limit and is not used up.
    function allowance(address owner, address spender) external view returns (uint256);

    /// Moves `value` of the caller's tokens to `to`, and the votes from delegatee to delegatee. Emits Transfer and
    /// DelegateVotesChanged.
    /// @custom:reverts ERC20InvalidReceiver;
    /// ERC20InsufficientBalance
    /// @custom:access anyone
    function transfer(address to, uint256 value) external returns (bool);

    /// Lets `spender` move up to `value` of the caller's tokens; replaces what was allowed before. Emits Approval.
    /// @custom:reverts ERC20InvalidSpender
    /// @custom:access anyone
    function approve(address spender, uint256 value) external returns (bool);

    /// Moves `value` tokens of `from` to `to` out of the caller's allowance, as `transfer` does. Emits no Approval.
    /// @custom:reverts ERC20InsufficientAllowance;
    /// ERC20InvalidApprover;
    /// ERC20InvalidReceiver;
    /// ERC20InsufficientBalance
    /// @custom:access whom `from` allows as much
    function transferFrom(address from, address to, uint256 value) external returns (bool);

    /// Approves as `owner` by its signature over Permit(owner, spender, value, nonce, deadline), which anyone may relay
    /// until `deadline` (seconds of block.timestamp, in both clock modes). Uses up the owner's nonce. Emits Approval.
    /// Only accounts with a key can sign; contracts approve by `approve`.
    /// @custom:reverts ERC2612ExpiredSignature;
    /// ECDSAInvalidSignatureS;
    /// ECDSAInvalidSignature;
    /// ERC2612InvalidSigner;
    /// ERC20InvalidSpender
    /// @custom:access anyone who has the owner's signature
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// The next nonce of `owner`, shared by `permit` and `delegateBySig`.
    function nonces(address owner) external view returns (uint256);

    /// The EIP-712 domain's hash, with the chain's present id.
    function DOMAIN_SEPARATOR() external view returns (bytes32);

    /// The EIP-712 domain's fields (ERC-5267): name, version "1", chain id and this contract.
    function eip712Domain() external view returns (bytes1 fields, string memory name, string memory version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] memory extensions);

    /// The present timepoint.
    function clock() external view returns (uint48);

    /// What a timepoint is: "mode=timestamp", or "mode=blocknumber&from=default".
    function CLOCK_MODE() external view returns (string memory);

    /// The votes of `account` now.
    function getVotes(address account) external view returns (uint256);

    /// The votes of `account` at the end of `timepoint`.
    /// @custom:reverts ERC5805FutureLookup unless it is past
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256);

    /// All votes there were at the end of `timepoint`, also those not delegated.
    /// @custom:reverts ERC5805FutureLookup unless it is past
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256);

    /// Who votes with the tokens of `account`; zero is nobody.
    function delegates(address account) external view returns (address);

    /// Gives the votes of the caller's tokens, now and later, to `delegatee`; zero takes them back. Emits
    /// DelegateChanged and DelegateVotesChanged.
    /// @custom:access anyone
    function delegate(address delegatee) external;

    /// Delegates as whoever signed Delegation(delegatee, nonce, expiry), which anyone may relay until `expiry`
    /// (seconds of block.timestamp, in both clock modes). Uses up the signer's nonce.
    /// @custom:reverts VotesExpiredSignature;
    /// ECDSAInvalidSignatureS;
    /// ECDSAInvalidSignature;
    /// InvalidAccountNonce
    /// @custom:access anyone who has the delegator's signature
    function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s) external;

    /// How often the votes of `account` have changed, counting a timepoint once.
    function numCheckpoints(address account) external view returns (uint32);

    /// The votes of `account` after change number `pos`, and the timepoint from which they held.
    /// @custom:reverts Panic(0x32) if there is no such change
    function checkpoints(address account, uint32 pos) external view returns (Checkpoint208 memory);

    /// What `clock`, `getPastVotes` and `getPastTotalSupply` return, in one call: the present timepoint, the votes of
    /// `account` at the end of `timepoint`, and all votes there were then. Its selector is the interface's ERC-165 id.
    /// @custom:reverts what `getPastVotes` reverts with
    function getPastVotesAndSupply(address account, uint256 timepoint) external view returns (uint48 clock, uint256 votes, uint256 supply);

    /// Whether the contract has the interface of this id (ERC-165).
    function supportsInterface(bytes4 interfaceId) external view returns (bool);
}
