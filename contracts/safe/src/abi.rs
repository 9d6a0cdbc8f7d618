//! A Safe's interface: Safe 1.4.1's, to the selector.
//!
//! Amounts are in wei or in a token's smallest units, gas in units of gas. A refusal is Solidity's `Error(string)` with
//! a number, as `"GS031"`.

use consilium_abi::sol_abi;
// The methods that answer.
use consilium_components::safe::{Accessors, Execution, Fallback, Guarded, Hashes, Modules, Owners, Setup, Signatures};

use crate::Safe;

sol_abi! {
    /// A wallet whose transactions need the signatures of enough of its owners: Safe 1.4.1.
    ///
    /// Owners sign a transaction, and anybody sends it. What changes the Safe itself (owners, threshold, modules,
    /// guard, fallback handler) is a call of the Safe to itself, and so such a transaction, or a module's. A module
    /// does what it likes, without signatures.
    ///
    /// This is the code of proxies: Safe's own `SafeProxy`, made by `SafeProxyFactory`. At its own address whoever
    /// deploys it closes it: then it has a threshold and no owners. A stranger who sets it up before that has a Safe
    /// there, and no part of any proxy.
    interface ISafe for Safe is consilium_components::safe::SafeCore {
        /// Ether arrives: a Safe takes it from anybody. Logs SafeReceived.
        ///
        /// The 2,300 gas that Solidity's `transfer` and `send` leave are enough within the Safe's own transaction, as
        /// when it unwraps WETH9: since ArbOS 60, or if the program is cached. They are not where more than two pages of
        /// programs' memory are open, as in a transaction that another program starts.
        receive() external payable => emit SafeReceived;
        /// Hands every other call to the fallback handler, with the caller's 20 bytes behind the calldata, and answers
        /// what it answers. Without a handler it answers nothing. It takes no ether.
        ///
        /// At the singleton itself, the call that StylusDeployer makes in the deploying transaction closes it: nobody
        /// can set it up then.
        fallback() external => forward;

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

        /// What `getTransactionHash` is the hash of.
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

        /// The chain's id.
        function getChainId() external view returns (uint256) => get_chain_id;

        // ----------------------------------------------------------------------------------------------- modules

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
    }
}
