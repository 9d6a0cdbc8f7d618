//! The part of a Safe's interface that all versions have.
//!
//! Amounts are in wei or in a token's smallest units, gas in units of gas. A refusal is Solidity's `Error(string)` with
//! a number, as `"GS031"`.

use consilium_abi::sol_abi;

sol_abi! {
    /// What all versions of Safe have.
    fragment SafeCore {
        // ------------------------------------------------------------------------------------------ who may call

        /// The Safe itself: a transaction that its owners signed, or a module's.
        guard authorized reverts "GS031" => authorized;

        // ------------------------------------------------------------------------------------------ transactions

        /// Approves a hash for ever, as a signature of the caller does.
        ///
        /// Logs ApproveHash.
        /// @custom:reverts "GS030" if the caller is no owner
        function approveHash(bytes32 hashToApprove) external by "owners" => approve_hash;

        /// The hash that owners sign, for the transaction with these members. See `execTransaction`.
        function getTransactionHash(
            address to,
            uint256 value,
            bytes data,
            uint8 operation,
            uint256 safeTxGas,
            uint256 baseGas,
            uint256 gasPrice,
            address gasToken,
            address refundReceiver,
            uint256 nonce
        ) external view returns (bytes32) => get_transaction_hash;

        /// The EIP-712 domain that owners sign in: this Safe on this chain.
        function domainSeparator() external view returns (bytes32) => domain_separator;
        /// The nonce of the next transaction.
        function nonce() external view returns (uint256) => nonce;
        /// 1 if the owner approved the hash, else 0.
        function approvedHashes(address owner, bytes32 hash) external view returns (uint256) => approved_hashes;
        /// 1 if the Safe signed the message of this hash, else 0. Safe's SignMessageLib signs, by a delegated call.
        function signedMessages(bytes32 hash) external view returns (uint256) => signed_messages;
        /// The version of Safe that this one answers as.
        function VERSION() external view returns (string) => version;

        // ------------------------------------------------------------------------------------------------ owners

        /// Adds an owner, and changes the threshold where it is another.
        ///
        /// Logs AddedOwner, and ChangedThreshold.
        /// @custom:reverts "GS203" if the owner is zero, 0x1 or the Safe
        /// @custom:reverts "GS204" if it is one already
        /// @custom:reverts what `changeThreshold` reverts with
        function addOwnerWithThreshold(address owner, uint256 threshold)
            external authorized => add_owner_with_threshold;
        /// Removes an owner, and changes the threshold where it is another.
        ///
        /// Logs RemovedOwner, and ChangedThreshold.
        /// @param prevOwner the owner before it in `getOwners`, or 0x1 for the first
        /// @param owner the owner
        /// @param threshold the threshold from now on
        /// @custom:reverts "GS201" if fewer owners would be left than the threshold says
        /// @custom:reverts "GS203" if the owner is zero or 0x1
        /// @custom:reverts "GS205" if it does not follow `prevOwner`
        /// @custom:reverts "GS202" if the threshold is zero
        function removeOwner(address prevOwner, address owner, uint256 threshold) external authorized => remove_owner;
        /// Replaces an owner, in its place.
        ///
        /// Logs RemovedOwner and AddedOwner.
        /// @param prevOwner the owner before it in `getOwners`, or 0x1 for the first
        /// @param oldOwner who is replaced
        /// @param newOwner by whom
        /// @custom:reverts "GS203" if either is zero or 0x1, or the new one is the Safe
        /// @custom:reverts "GS204" if the new one is an owner already
        /// @custom:reverts "GS205" if the old one does not follow `prevOwner`
        function swapOwner(address prevOwner, address oldOwner, address newOwner) external authorized => swap_owner;
        /// Sets how many owners have to sign.
        ///
        /// Logs ChangedThreshold.
        /// @custom:reverts "GS201" if there are fewer owners
        /// @custom:reverts "GS202" if it is zero
        function changeThreshold(uint256 threshold) external authorized => change_threshold;
        /// How many owners have to sign.
        function getThreshold() external view returns (uint256) => get_threshold;
        /// Whether an account is an owner.
        function isOwner(address owner) external view returns (bool) => is_owner;
        /// All owners, in the order of the list.
        function getOwners() external view returns (address[]) => get_owners;

        // ----------------------------------------------------------------------------------------------- modules

        /// Enables a module: from now on it does what it likes with the Safe.
        ///
        /// Logs EnabledModule.
        /// @custom:reverts "GS101" if it is zero or 0x1
        /// @custom:reverts "GS102" if it is one already
        function enableModule(address module) external authorized => enable_module;
        /// Disables a module.
        ///
        /// Logs DisabledModule.
        /// @param prevModule the module before it in `getModulesPaginated`, or 0x1 for the first
        /// @param module the module
        /// @custom:reverts "GS101" if it is zero or 0x1
        /// @custom:reverts "GS103" if it does not follow `prevModule`
        function disableModule(address prevModule, address module) external authorized => disable_module;
        /// Whether a module is enabled.
        function isModuleEnabled(address module) external view returns (bool) => is_module_enabled;
        /// A page of modules.
        /// @param start 0x1 for the first page; else the `next` of the page before
        /// @param pageSize how many modules at most
        /// @return array the modules
        /// @return next 0x1 if there are no more; else the last module of this page
        /// @custom:reverts "GS105" if the start is neither 0x1 nor a module
        /// @custom:reverts "GS106" if the page has no room
        function getModulesPaginated(address start, uint256 pageSize)
            external view returns (address[] array, address next) => get_modules_paginated;

        // ------------------------------------------------------------------------------------- guard and handler

        /// Sets the contract that is asked before and after each transaction of the owners; the zero address for none.
        /// It can refuse every transaction, and so also its own removal.
        ///
        /// Logs ChangedGuard.
        /// @custom:reverts "GS300" if it does not say that it is a guard (ERC-165)
        /// @custom:reverts what the guard's `supportsInterface` reverts with
        function setGuard(address guard) external authorized => set_guard;
        /// Sets who answers functions that a Safe does not have; the zero address for nobody.
        ///
        /// Logs ChangedFallbackHandler.
        /// @custom:reverts "GS400" if it is the Safe
        function setFallbackHandler(address handler) external authorized => set_fallback_handler;

        // ------------------------------------------------------------------------------------ storage, simulation

        /// Words of storage.
        /// @param offset the first slot
        /// @param length how many slots
        function getStorageAt(uint256 offset, uint256 length) external view returns (bytes) => get_storage_at;
        /// Runs the code of another contract in the Safe's storage, and undoes it.
        ///
        /// It always reverts, with a word that is 1 where the code succeeded, the length of what it returned, and that.
        /// @param targetContract whose code
        /// @param calldataPayload with which calldata
        function simulateAndRevert(address targetContract, bytes calldataPayload)
            external reentrant "all that happens is undone" => simulate_and_revert;

        // ------------------------------------------------------------------------------------------------ events

        /// A proxy was set up.
        event SafeSetup(
            address indexed initiator, address[] owners, uint256 threshold, address initializer, address fallbackHandler
        );
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
    }
}

sol_abi! {
    /// A guard, as a Safe calls it.
    interface ITransactionGuard {
        /// A transaction is going to be executed. It is not, if this reverts.
        function checkTransaction(
            address to,
            uint256 value,
            bytes data,
            uint8 operation,
            uint256 safeTxGas,
            uint256 baseGas,
            uint256 gasPrice,
            address gasToken,
            address refundReceiver,
            bytes signatures,
            address msgSender
        ) external;
        /// A transaction was executed. All is undone, if this reverts.
        function checkAfterExecution(bytes32 txHash, bool success) external;
    }
}
