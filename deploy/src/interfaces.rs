//! What a deployment calls on contracts that are not ours: the chain's precompiles and the cache manager. Sources:
//! Offchain Labs, `nitro-precompile-interfaces` and `nitro-contracts`.

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
    #[derive(Debug)]
    interface ArbWasm {
        function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
        function stylusVersion() external view returns (uint16 version);
        function codehashVersion(bytes32 codehash) external view returns (uint16 version);
        function programTimeLeft(address program) external view returns (uint64 secs);
        function codehashKeepalive(bytes32 codehash) external payable;
        function expiryDays() external view returns (uint16 count);
        function keepaliveDays() external view returns (uint16 count);
        error ProgramNotWasm();
        error ProgramNotActivated();
        error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
        error ProgramExpired(uint64 ageInSeconds);
        error ProgramUpToDate();
        error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
        error ProgramInsufficientValue(uint256 have, uint256 want);
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
}
