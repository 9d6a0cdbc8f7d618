//! What a deployment calls on contracts that are not ours: the chain's precompiles, the StylusDeployer and the cache
//! manager. Sources: Offchain Labs, `nitro-precompile-interfaces` and `nitro-contracts`.

use alloy::primitives::{Address, address};
use alloy::sol;

/// ArbWasm: activation of programs.
pub(crate) const ARB_WASM: Address = address!("0x0000000000000000000000000000000000000071");
/// ArbWasmCache: which programs are cached.
pub(crate) const ARB_WASM_CACHE: Address = address!("0x0000000000000000000000000000000000000072");
/// ArbOwnerPublic: who owns the chain.
pub(crate) const ARB_OWNER_PUBLIC: Address = address!("0x000000000000000000000000000000000000006b");

sol! {
    #[sol(rpc)]
    interface ArbWasm {
        function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
        function stylusVersion() external view returns (uint16 version);
        function codehashVersion(bytes32 codehash) external view returns (uint16 version);
        function programTimeLeft(address program) external view returns (uint64 secs);
        error ProgramUpToDate();
    }

    #[sol(rpc)]
    interface ArbWasmCache {
        function allCacheManagers() external view returns (address[] memory managers);
        function codehashIsCached(bytes32 codehash) external view returns (bool);
        function cacheProgram(address program) external;
    }

    #[sol(rpc)]
    interface ArbOwnerPublic {
        function isChainOwner(address account) external view returns (bool);
    }

    #[sol(rpc)]
    interface CacheManager {
        function getMinBid(address program) external view returns (uint192 min);
        function placeBid(address program) external payable;
    }

    interface StylusDeployer {
        function deploy(bytes calldata bytecode, bytes calldata initData, uint256 initValue, bytes32 salt)
            public payable returns (address);
        event ContractDeployed(address deployedContract);
        error ContractDeploymentError(bytes bytecode);
        error ContractInitializationError(address newContract, bytes data);
    }

    #[sol(rpc)]
    interface Timelock {
        event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender);
        event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender);
        event RoleAdminChanged(bytes32 indexed role, bytes32 indexed previousAdminRole, bytes32 indexed newAdminRole);
        function hasRole(bytes32 role, address account) external view returns (bool);
        function getRoleAdmin(bytes32 role) external view returns (bytes32);
        function grantRole(bytes32 role, address account) external;
        function renounceRole(bytes32 role, address callerConfirmation) external;
        function getMinDelay() external view returns (uint256);
    }

    #[sol(rpc)]
    interface Token {
        event Transfer(address indexed from, address indexed to, uint256 value);
        function name() external view returns (string memory);
        function symbol() external view returns (string memory);
        function decimals() external view returns (uint8);
        function totalSupply() external view returns (uint256);
        function CLOCK_MODE() external view returns (string memory);
    }

    #[sol(rpc)]
    interface Governor {
        function name() external view returns (string memory);
        function token() external view returns (address);
        function timelock() external view returns (address);
        function votingDelay() external view returns (uint256);
        function votingPeriod() external view returns (uint256);
        function proposalThreshold() external view returns (uint256);
        function quorumNumerator() external view returns (uint256);
        function quorumDenominator() external view returns (uint256);
        function superQuorumNumerator() external view returns (uint256);
        function lateQuorumVoteExtension() external view returns (uint48);
        function proposalGuardian() external view returns (address);
        function CLOCK_MODE() external view returns (string memory);
    }
}
