//! A Safe's interface: Safe 1.4.1's, to the selector.
//!
//! Amounts are in wei or in a token's smallest units, gas in units of gas. A refusal is Solidity's `Error(string)` with
//! a number, as `"GS031"`.

use consilium_abi::sol_abi;

use crate::Safe;

sol_abi! {
    /// A wallet whose transactions need the signatures of enough of its owners: Safe 1.4.1.
    ///
    /// Owners sign a transaction, and anybody sends it. What changes the Safe itself (owners, threshold, modules,
    /// guard, fallback handler) is a call of the Safe to itself, and so such a transaction, or a module's. A module
    /// does what it likes, without signatures.
    ///
    /// This is the code of proxies: Safe's own `SafeProxy`, made by `SafeProxyFactory`. At its own address it is
    /// closed: it has a threshold and no owners.
    interface ISafe for Safe {
        /// Ether arrives: a Safe takes it from anybody. Logs SafeReceived.
        receive() external payable => receive;
        /// Hands every other call to the fallback handler, with the caller's 20 bytes behind the calldata, and answers
        /// what it answers. Without a handler it answers nothing. It takes no ether.
        ///
        /// At the singleton itself, the call that StylusDeployer makes in the deploying transaction closes it: nobody
        /// can set it up then.
        fallback() external => forward;

        // ------------------------------------------------------------------------------------------ who may call

        /// The Safe itself: a transaction that its owners signed, or a module's.
        guard authorized reverts "GS031" => authorized;

        // ------------------------------------------------------------------------------------------------- setup

        /// Sets a new proxy up, for whoever calls it first: call it in the transaction that makes the proxy.
        ///
        /// Logs SafeSetup, behind what the call of `to` logs.
        /// @param owners who owns the Safe, each once
        /// @param threshold how many of them have to sign
        /// @param to whose code is run in the Safe's storage at the end of the setup; the zero address for none
        /// @param data the calldata of that
        /// @param fallbackHandler who answers functions that a Safe does not have; the zero address for nobody
        /// @param paymentToken what is paid in; the zero address for ether
        /// @param payment how much is paid, for making the proxy
        /// @param paymentReceiver who is paid; the zero address for whoever sent the transaction
        /// @custom:reverts "GS200" if it was set up before, and at the singleton itself
        /// @custom:reverts "GS201" if the threshold is above the number of owners
        /// @custom:reverts "GS202" if the threshold is zero
        /// @custom:reverts "GS203" if an owner is zero, 0x1, the Safe, or the owner before it
        /// @custom:reverts "GS204" if an owner is there twice
        /// @custom:reverts "GS400" if the fallback handler is the Safe
        /// @custom:reverts "GS100" if its modules were set up before
        /// @custom:reverts "GS002" if `to` has no code
        /// @custom:reverts "GS000" if that call fails
        /// @custom:reverts "GS011" if the payment in ether fails
        /// @custom:reverts "GS012" if the payment in a token fails
        function setup(
            address[] owners,
            uint256 threshold,
            address to,
            bytes data,
            address fallbackHandler,
            address paymentToken,
            uint256 payment,
            address paymentReceiver
        ) external reentrant "the threshold is written before any call, so it cannot be set up again" => setup;

        // ------------------------------------------------------------------------------------------ transactions

        /// Executes a transaction that enough owners have signed, with the Safe's nonce. Anybody may send it.
        ///
        /// Where `safeTxGas` and `gasPrice` are zero, a transaction that fails is undone with all of this call. Else
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
        /// @custom:reverts "GS010" if less gas is left than `safeTxGas` asks for
        /// @custom:reverts "GS011" if the payment in ether fails
        /// @custom:reverts "GS012" if the payment in a token fails
        /// @custom:reverts "GS013" if the transaction fails, and both `safeTxGas` and `gasPrice` are zero
        /// @custom:reverts what `checkSignatures` reverts with
        /// @custom:reverts what the guard reverts with
        function execTransaction(
            address to,
            uint256 value,
            bytes data,
            uint8 operation,
            uint256 safeTxGas,
            uint256 baseGas,
            uint256 gasPrice,
            address gasToken,
            address refundReceiver,
            bytes signatures
        ) external payable by "anyone, with the signatures of as many owners as the threshold says"
            reentrant "the nonce is used up before any call, so no transaction runs twice"
            returns (bool success) => exec_transaction;

        /// Approves a hash for ever, as a signature of the caller does.
        ///
        /// Logs ApproveHash.
        /// @custom:reverts "GS030" if the caller is no owner
        function approveHash(bytes32 hashToApprove) external by "owners" => approve_hash;

        /// Reverts unless as many owners as the threshold says have signed.
        /// @param dataHash what they signed
        /// @param data what it is the hash of; contracts are asked about it
        /// @param signatures see `execTransaction`
        /// @custom:reverts "GS001" if the Safe was not set up
        /// @custom:reverts what `checkNSignatures` reverts with
        function checkSignatures(bytes32 dataHash, bytes data, bytes signatures) external view => check_signatures;

        /// Reverts unless so many owners have signed.
        /// @param dataHash what they signed
        /// @param data what it is the hash of; contracts are asked about it
        /// @param signatures see `execTransaction`
        /// @param requiredSignatures how many owners; for zero it never reverts
        /// @custom:reverts "GS020" if the signatures are fewer
        /// @custom:reverts "GS021" if a contract's signature begins among them
        /// @custom:reverts "GS022" if a contract's signature begins beyond the end
        /// @custom:reverts "GS023" if a contract's signature ends beyond the end
        /// @custom:reverts "GS024" if a contract says that it has not signed
        /// @custom:reverts "GS025" if the hash is not approved
        /// @custom:reverts "GS026" if a signer is no owner, or the signers are not in the order of their addresses
        /// @custom:reverts "GS027" if a contract is to be asked, and `data` does not have the hash
        /// @custom:reverts what a contract that is asked reverts with
        function checkNSignatures(bytes32 dataHash, bytes data, bytes signatures, uint256 requiredSignatures)
            external view => check_n_signatures;

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

        /// What that is the hash of.
        function encodeTransactionData(
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
        ) external view returns (bytes) => encode_transaction_data;

        /// The EIP-712 domain that owners sign in: this Safe on this chain.
        function domainSeparator() external view returns (bytes32) => domain_separator;
        /// The chain's id.
        function getChainId() external view returns (uint256) => get_chain_id;
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
        /// Executes what a module says. A call that fails is answered by false.
        ///
        /// Logs ExecutionFromModuleSuccess or ExecutionFromModuleFailure, behind what the call logs.
        /// @param to the target
        /// @param value the wei to send along
        /// @param data the calldata
        /// @param operation 0 calls the target, 1 runs its code in the Safe's storage
        /// @return success whether the call succeeded
        /// @custom:reverts "GS104" if the caller is no module
        function execTransactionFromModule(address to, uint256 value, bytes data, uint8 operation)
            external by "enabled modules" reentrant "nothing is written or read after the call"
            returns (bool success) => exec_transaction_from_module;
        /// The same, with what the call returned, or what it reverted with.
        /// @param to the target
        /// @param value the wei to send along
        /// @param data the calldata
        /// @param operation 0 calls the target, 1 runs its code in the Safe's storage
        /// @return success whether the call succeeded
        /// @return returnData what it returned, or reverted with
        /// @custom:reverts "GS104" if the caller is no module
        function execTransactionFromModuleReturnData(address to, uint256 value, bytes data, uint8 operation)
            external by "enabled modules" reentrant "nothing is written or read after the call"
            returns (bool success, bytes returnData) => exec_transaction_from_module_return_data;
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
