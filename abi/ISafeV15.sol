// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.4;

// Made by `cargo xtask abi` from contracts/safe-v15/src/abi.rs: do not edit.

/// A wallet whose transactions need the signatures of enough of its owners: Safe 1.5.0, with owners
/// on P-256 as the release after it has them.
/// @dev Owners sign a transaction, and anybody sends it. What changes the Safe itself (owners, threshold, modules,
/// guard, fallback handler) is a call of the Safe to itself, and so such a transaction, or a module's. A module
/// does what it likes, without signatures, unless a module guard refuses.
/// This is the code of proxies: Safe's own `SafeProxy`, made by `SafeProxyFactory`. At its own address whoever
/// deploys it closes it: then it has a threshold and no owners. A stranger who sets it up before that has a Safe
/// there, and no part of any proxy.
/// @custom:receive Ether arrives: a Safe takes it from anybody. Logs SafeReceived.
/// The 2,300 gas that Solidity's `transfer` and `send` leave are enough within the Safe's own transaction, as
/// when it unwraps WETH9: since ArbOS 60, or if the program is cached. They are not where more than two pages of
/// programs' memory are open, as in a transaction that another program starts.
/// @custom:fallback Hands every other call to the fallback handler, with the caller's 20 bytes behind the calldata, and
/// answers
/// what it answers. Without a handler it answers nothing. It takes no ether.
/// At the singleton itself, the call that StylusDeployer makes in the deploying transaction closes it: nobody
/// can set it up then.
interface ISafeV15 {
    // receive() external payable;

    // fallback() external;

    /// There is another module guard.
    event ChangedModuleGuard(address indexed moduleGuard);

    /// A proxy was set up.
    event SafeSetup(address indexed initiator, address[] owners, uint256 threshold, address initializer, address fallbackHandler);

    /// An owner approved a hash.
    event ApproveHash(bytes32 indexed approvedHash, address indexed owner);

    /// The Safe signed a message. Logged by Safe's SignMessageLib, by a delegated call.
    event SignMsg(bytes32 indexed msgHash);

    /// A transaction failed, and so much was paid.
    event ExecutionFailure(bytes32 indexed txHash, uint256 payment);

    /// A transaction succeeded, and so much was paid.
    event ExecutionSuccess(bytes32 indexed txHash, uint256 payment);

    /// There is another owner.
    event AddedOwner(address indexed owner);

    /// An account is no owner any more.
    event RemovedOwner(address indexed owner);

    /// So many owners have to sign from now on.
    event ChangedThreshold(uint256 threshold);

    /// There is another module.
    event EnabledModule(address indexed module);

    /// An account is no module any more.
    event DisabledModule(address indexed module);

    /// What a module executed succeeded.
    event ExecutionFromModuleSuccess(address indexed module);

    /// What a module executed failed.
    event ExecutionFromModuleFailure(address indexed module);

    /// There is another guard.
    event ChangedGuard(address indexed guard);

    /// There is another fallback handler.
    event ChangedFallbackHandler(address indexed handler);

    /// Ether arrived.
    event SafeReceived(address indexed sender, uint256 value);

    /// Sets a new proxy up, for whoever calls it first: call it in the transaction that makes the proxy.
    /// @dev Logs SafeSetup, before what the call of `to` logs.
    /// @param owners who owns the Safe, each once
    /// @param threshold how many of them have to sign
    /// @param to whose code is run in the Safe's storage at the end of the setup; the zero address for none
    /// @param data the calldata of that
    /// @param fallbackHandler who answers functions that a Safe does not have; the zero address for nobody
    /// @param paymentToken what is paid in; the zero address for ether
    /// @param payment how much is paid, for making the proxy
    /// @param paymentReceiver who is paid; the zero address for whoever sent the transaction
    /// @custom:reverts "GS200" if it was set up before, and at the singleton itself;
    /// "GS201" if the threshold is above the number of owners;
    /// "GS202" if the threshold is zero;
    /// "GS203" if an owner is zero, 0x1, the Safe, or the owner before it;
    /// "GS204" if an owner is there twice;
    /// "GS400" if the fallback handler is the Safe;
    /// "GS100" if its modules were set up before;
    /// "GS002" if `to` has no code;
    /// "GS000" if that call fails;
    /// "GS011" if the payment in ether fails;
    /// "GS012" if the payment in a token fails
    /// @custom:access anyone
    /// @custom:reentrant the threshold is written before any call, so it cannot be set up again
    function setup(address[] calldata owners, uint256 threshold, address to, bytes calldata data, address fallbackHandler, address paymentToken, uint256 payment, address paymentReceiver) external;

    /// Executes a transaction that enough owners have signed, with the Safe's nonce. Anybody may send it.
    /// @dev Where `safeTxGas` and `gasPrice` are zero, a transaction that fails is undone with all of this call. Else
    /// the nonce is used up, and the sender is paid. Logs ExecutionSuccess or ExecutionFailure, behind what the
    /// transaction logs.
    /// @param to the target
    /// @param value the wei to send along
    /// @param data the calldata
    /// @param operation 0 calls the target, 1 runs its code in the Safe's storage
    /// @param safeTxGas the gas that the call gets at least; just so much, where the sender is paid
    /// @param baseGas gas that is paid for in addition to what the call uses
    /// @param gasPrice what a unit of gas is paid, in wei or units of `gasToken`; zero for no payment
    /// @param gasToken what is paid in; the zero address for ether
    /// @param refundReceiver who is paid; the zero address for whoever sent the transaction
    /// @param signatures 65 bytes each, in the order of the owners' addresses, and behind them those of contracts
    /// @return success whether the transaction succeeded
    /// @custom:reverts "GS010" if less gas is left than `safeTxGas` asks for;
    /// "GS011" if the payment in ether fails;
    /// "GS012" if the payment in a token fails;
    /// what the transaction reverts with, if both `safeTxGas` and `gasPrice` are zero;
    /// what `checkSignatures` reverts with;
    /// what the guard reverts with
    /// @custom:access anyone, with the signatures of as many owners as the threshold says
    /// @custom:reentrant the nonce is used up before any call, so no transaction runs twice
    function execTransaction(address to, uint256 value, bytes calldata data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes calldata signatures) external payable returns (bool success);

    /// Reverts unless as many owners as the threshold says have signed.
    /// @param executor who executes it: an owner that does so has approved it
    /// @param dataHash what they signed
    /// @param signatures see `execTransaction`
    /// @custom:reverts "GS001" if the Safe was not set up;
    /// what `checkNSignatures` reverts with
    function checkSignatures(address executor, bytes32 dataHash, bytes calldata signatures) external view;

    /// The same, executed by the caller.
    /// @dev An owner that calls this counts as having signed. Other contracts ask with an executor.
    /// @param dataHash what they signed
    /// @param data ignored: of Safe 1.4.1
    /// @param signatures see `execTransaction`
    /// @custom:reverts "GS001" if the Safe was not set up;
    /// what `checkNSignatures` reverts with
    function checkSignatures(bytes32 dataHash, bytes calldata data, bytes calldata signatures) external view;

    /// Reverts unless so many owners have signed.
    /// @dev An owner with a key on P-256 signs with 65 bytes that end in 2: its address, the place of 128 bytes behind
    /// all signatures, and 2. The 128 bytes are `r`, `s`, `qx` and `qy`; its address is the last 20 bytes of the
    /// keccak-256 of `qx ‖ qy`.
    /// @param executor who executes it: an owner that does so has approved it
    /// @param dataHash what they signed
    /// @param signatures see `execTransaction`
    /// @param requiredSignatures how many owners; for zero it never reverts
    /// @custom:reverts "GS020" if the signatures are fewer;
    /// "GS021" if what belongs to a contract's or a P-256 signature begins among them;
    /// "GS022" if a contract's signature begins beyond the end;
    /// "GS023" if a contract's signature ends beyond the end;
    /// "GS024" if a contract says that it has not signed;
    /// "GS025" if the hash is not approved;
    /// "GS026" if a signer is no owner, or the signers are not in the order of their addresses;
    /// "GS027" if a P-256 signature ends beyond the end;
    /// "GS028" if a key on P-256 has another address, or has not signed;
    /// what a contract that is asked reverts with
    function checkNSignatures(address executor, bytes32 dataHash, bytes calldata signatures, uint256 requiredSignatures) external view;

    /// The same, executed by the caller.
    /// @dev An owner that calls this counts as having signed. Other contracts ask with an executor.
    /// @param dataHash what they signed
    /// @param data ignored: of Safe 1.4.1
    /// @param signatures see `execTransaction`
    /// @param requiredSignatures how many owners; for zero it never reverts
    /// @custom:reverts what the other `checkNSignatures` reverts with
    function checkNSignatures(bytes32 dataHash, bytes calldata data, bytes calldata signatures, uint256 requiredSignatures) external view;

    /// Sets the contract that is asked before and after each transaction of a module; the zero address for none.
    /// @dev Logs ChangedModuleGuard.
    /// @custom:reverts "GS301" if it does not say that it is a module guard (ERC-165);
    /// what the guard's `supportsInterface` reverts with
    /// @custom:access The Safe itself: a transaction that its owners signed, or a module's; others get "GS031"
    function setModuleGuard(address moduleGuard) external;

    /// Executes what a module says. A call that fails is answered by false.
    /// @dev Logs ExecutionFromModuleSuccess or ExecutionFromModuleFailure, behind what the call logs.
    /// @param to the target
    /// @param value the wei to send along
    /// @param data the calldata
    /// @param operation 0 calls the target, 1 runs its code in the Safe's storage
    /// @return success whether the call succeeded
    /// @custom:reverts "GS104" if the caller is no module;
    /// what the module guard reverts with
    /// @custom:access enabled modules
    /// @custom:reentrant what is used after the call was read before it
    function execTransactionFromModule(address to, uint256 value, bytes calldata data, uint8 operation) external returns (bool success);

    /// The same, with what the call returned, or what it reverted with.
    /// @param to the target
    /// @param value the wei to send along
    /// @param data the calldata
    /// @param operation 0 calls the target, 1 runs its code in the Safe's storage
    /// @return success whether the call succeeded
    /// @return returnData what it returned, or reverted with
    /// @custom:reverts "GS104" if the caller is no module;
    /// what the module guard reverts with
    /// @custom:access enabled modules
    /// @custom:reentrant what is used after the call was read before it
    function execTransactionFromModuleReturnData(address to, uint256 value, bytes calldata data, uint8 operation) external returns (bool success, bytes memory returnData);

    /// Approves a hash for ever, as a signature of the caller does.
    /// @dev Logs ApproveHash.
    /// @custom:reverts "GS030" if the caller is no owner
    /// @custom:access owners
    function approveHash(bytes32 hashToApprove) external;

    /// The hash that owners sign, for the transaction with these members. See `execTransaction`.
    function getTransactionHash(address to, uint256 value, bytes calldata data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, uint256 nonce) external view returns (bytes32);

    /// The EIP-712 domain that owners sign in: this Safe on this chain.
    function domainSeparator() external view returns (bytes32);

    /// The nonce of the next transaction.
    function nonce() external view returns (uint256);

    /// 1 if the owner approved the hash, else 0.
    function approvedHashes(address owner, bytes32 hash) external view returns (uint256);

    /// 1 if the Safe signed the message of this hash, else 0. Safe's SignMessageLib signs, by a delegated call.
    function signedMessages(bytes32 hash) external view returns (uint256);

    /// The version of Safe that this one answers as.
    function VERSION() external view returns (string memory);

    /// Adds an owner, and changes the threshold where it is another.
    /// @dev Logs AddedOwner, and ChangedThreshold.
    /// @custom:reverts "GS203" if the owner is zero, 0x1 or the Safe;
    /// "GS204" if it is one already;
    /// what `changeThreshold` reverts with
    /// @custom:access The Safe itself: a transaction that its owners signed, or a module's; others get "GS031"
    function addOwnerWithThreshold(address owner, uint256 threshold) external;

    /// Removes an owner, and changes the threshold where it is another.
    /// @dev Logs RemovedOwner, and ChangedThreshold.
    /// @param prevOwner the owner before it in `getOwners`, or 0x1 for the first
    /// @param owner the owner
    /// @param threshold the threshold from now on
    /// @custom:reverts "GS201" if fewer owners would be left than the threshold says;
    /// "GS203" if the owner is zero or 0x1;
    /// "GS205" if it does not follow `prevOwner`;
    /// "GS202" if the threshold is zero
    /// @custom:access The Safe itself: a transaction that its owners signed, or a module's; others get "GS031"
    function removeOwner(address prevOwner, address owner, uint256 threshold) external;

    /// Replaces an owner, in its place.
    /// @dev Logs RemovedOwner and AddedOwner.
    /// @param prevOwner the owner before it in `getOwners`, or 0x1 for the first
    /// @param oldOwner who is replaced
    /// @param newOwner by whom
    /// @custom:reverts "GS203" if either is zero or 0x1, or the new one is the Safe;
    /// "GS204" if the new one is an owner already;
    /// "GS205" if the old one does not follow `prevOwner`
    /// @custom:access The Safe itself: a transaction that its owners signed, or a module's; others get "GS031"
    function swapOwner(address prevOwner, address oldOwner, address newOwner) external;

    /// Sets how many owners have to sign.
    /// @dev Logs ChangedThreshold.
    /// @custom:reverts "GS201" if there are fewer owners;
    /// "GS202" if it is zero
    /// @custom:access The Safe itself: a transaction that its owners signed, or a module's; others get "GS031"
    function changeThreshold(uint256 threshold) external;

    /// How many owners have to sign.
    function getThreshold() external view returns (uint256);

    /// Whether an account is an owner.
    function isOwner(address owner) external view returns (bool);

    /// All owners, in the order of the list.
    function getOwners() external view returns (address[] memory);

    /// Enables a module: from now on it does what it likes with the Safe.
    /// @dev Logs EnabledModule.
    /// @custom:reverts "GS101" if it is zero or 0x1;
    /// "GS102" if it is one already
    /// @custom:access The Safe itself: a transaction that its owners signed, or a module's; others get "GS031"
    function enableModule(address module) external;

    /// Disables a module.
    /// @dev Logs DisabledModule.
    /// @param prevModule the module before it in `getModulesPaginated`, or 0x1 for the first
    /// @param module the module
    /// @custom:reverts "GS101" if it is zero or 0x1;
    /// "GS103" if it does not follow `prevModule`
    /// @custom:access The Safe itself: a transaction that its owners signed, or a module's; others get "GS031"
    function disableModule(address prevModule, address module) external;

    /// Whether a module is enabled.
    function isModuleEnabled(address module) external view returns (bool);

    /// A page of modules.
    /// @param start 0x1 for the first page; else the `next` of the page before
    /// @param pageSize how many modules at most
    /// @return array the modules
    /// @return next 0x1 if there are no more; else the last module of this page
    /// @custom:reverts "GS105" if the start is neither 0x1 nor a module;
    /// "GS106" if the page has no room
    function getModulesPaginated(address start, uint256 pageSize) external view returns (address[] memory array, address next);

    /// Sets the contract that is asked before and after each transaction of the owners; the zero address for none.
    /// It can refuse every transaction, and so also its own removal.
    /// @dev Logs ChangedGuard.
    /// @custom:reverts "GS300" if it does not say that it is a guard (ERC-165);
    /// what the guard's `supportsInterface` reverts with
    /// @custom:access The Safe itself: a transaction that its owners signed, or a module's; others get "GS031"
    function setGuard(address guard) external;

    /// Sets who answers functions that a Safe does not have; the zero address for nobody.
    /// @dev Logs ChangedFallbackHandler.
    /// @custom:reverts "GS400" if it is the Safe
    /// @custom:access The Safe itself: a transaction that its owners signed, or a module's; others get "GS031"
    function setFallbackHandler(address handler) external;

    /// Words of storage.
    /// @param offset the first slot
    /// @param length how many slots
    function getStorageAt(uint256 offset, uint256 length) external view returns (bytes memory);

    /// Runs the code of another contract in the Safe's storage, and undoes it.
    /// @dev It always reverts, with a word that is 1 where the code succeeded, the length of what it returned, and
    /// that.
    /// @param targetContract whose code
    /// @param calldataPayload with which calldata
    /// @custom:access anyone
    /// @custom:reentrant all that happens is undone
    function simulateAndRevert(address targetContract, bytes calldata calldataPayload) external;
}
