//! Interfaces of contracts that are no precompiles. Source: OffchainLabs/nitro-contracts `src/chain/CacheManager.sol` and
//! `src/stylus/StylusDeployer.sol`.

#![allow(missing_docs, reason = "the declarations are Nitro's, and documented there")]

alloy::sol! {
    /// Takes bids for Stylus' cache.
    #[sol(rpc)]
    #[derive(Debug)]
    interface CacheManager {
        function initialize(uint64 initCacheSize, uint64 initDecay) external;
        function getMinBid(address program) external view returns (uint192 min);
        function placeBid(address program) external payable;
    }

    /// Deploys, activates and constructs a program in one transaction.
    #[derive(Debug)]
    interface StylusDeployer {
        event ContractDeployed(address deployedContract);
        /// What a constructor reverted with.
        error ContractInitializationError(address newContract, bytes data);
        function deploy(bytes bytecode, bytes initData, uint256 initValue, bytes32 salt)
            external payable returns (address);
    }
}
