//! The precompiles' interfaces, as far as the devnode answers them. Sources: OffchainLabs/nitro-precompile-interfaces for
//! the declarations, OffchainLabs/nitro `precompiles/` for what a version of ArbOS has.

#![allow(missing_docs, reason = "the declarations are Nitro's, and documented there")]
#![allow(clippy::too_many_arguments, reason = "the code that `sol!` writes takes fields one by one")]

alloy::sol! {
    /// ArbSys (0x64): the chain, and messages to its parent.
    #[derive(Debug)]
    interface ArbSys {
        function arbBlockNumber() external view returns (uint256);
        function arbBlockHash(uint256 number) external view returns (bytes32);
        function arbChainID() external view returns (uint256);
        function arbOSVersion() external view returns (uint256);
        function getStorageGasAvailable() external view returns (uint256);
        function isTopLevelCall() external view returns (bool);
        function mapL1SenderContractAddressToL2Alias(address sender, address unused) external pure returns (address);
        function wasMyCallersAddressAliased() external view returns (bool);
        function myCallersAddressWithoutAliasing() external view returns (address);
        function withdrawEth(address destination) external payable returns (uint256);
        function sendTxToL1(address destination, bytes data) external payable returns (uint256);
        function sendMerkleTreeState() external view returns (uint256 size, bytes32 root, bytes32[] partials);

        event L2ToL1Tx(address caller, address indexed destination, uint256 indexed hash, uint256 indexed position, uint256 arbBlockNum, uint256 ethBlockNum, uint256 timestamp, uint256 callvalue, bytes data);
        event SendMerkleUpdate(uint256 indexed reserved, bytes32 indexed hash, uint256 indexed position);

        error InvalidBlockNumber(uint256 requested, uint256 current);
    }

    /// ArbInfo (0x65): balances and code.
    #[derive(Debug)]
    interface ArbInfo {
        function getBalance(address account) external view returns (uint256);
        function getCode(address account) external view returns (bytes);

        function upload(bytes buf) external;
        function size(address account) external view returns (uint256);
        function get(address account, uint256 index) external view returns (uint256, bool, uint256);

        function burnArbGas(uint256 gasAmount) external pure;

        function getStats() external view returns (uint256 blocks, uint256, uint256, uint256, uint256, uint256);

        function startBlock(uint256 l1BaseFee, uint64 l1BlockNumber, uint64 l2BlockNumber, uint64 timePassed) external;
        function batchPostingReport(uint256 batchTimestamp, address batchPosterAddress, uint64 batchNumber, uint64 batchDataGas, uint256 l1BaseFeeWei) external;
        function batchPostingReportV2(uint256 batchTimestamp, address batchPosterAddress, uint64 batchNumber, uint64 batchCalldataLength, uint64 batchCalldataNonZeros, uint64 batchExtraGas, uint256 l1BaseFeeWei) external;

        error CallerNotArbOS();
    }

    /// ArbAddressTable (0x66): a table of short indexes for addresses.
    #[derive(Debug)]
    interface ArbAddressTable {
        function addressExists(address account) external view returns (bool);
        function compress(address account) external returns (bytes);
        function decompress(bytes buf, uint256 offset) external view returns (address account, uint256 bytesRead);
        function lookup(address account) external view returns (uint256);
        function lookupIndex(uint256 index) external view returns (address);
        function register(address account) external returns (uint256);
        function size() external view returns (uint256);
    }

    /// ArbOwnerPublic (0x6b): the settings, for everyone to read.
    #[sol(rpc)]
    #[derive(Debug)]
    interface ArbOwnerPublic {
        function isChainOwner(address account) external view returns (bool);
        function rectifyChainOwner(address ownerToRectify) external;
        function getAllChainOwners() external view returns (address[]);
        function getNativeTokenManagementFrom() external view returns (uint64);
        function isNativeTokenOwner(address account) external view returns (bool);
        function getAllNativeTokenOwners() external view returns (address[]);
        function getNetworkFeeAccount() external view returns (address);
        function getInfraFeeAccount() external view returns (address);
        function getBrotliCompressionLevel() external view returns (uint64);
        function getParentGasFloorPerToken() external view returns (uint64);
        function getScheduledUpgrade() external view returns (uint64 arbosVersion, uint64 scheduledForTimestamp);
        function isCalldataPriceIncreaseEnabled() external view returns (bool);
        function getMaxStylusContractFragments() external view returns (uint8);
        function getTransactionFilteringFrom() external view returns (uint64);
        function isTransactionFilterer(address filterer) external view returns (bool);
        function getAllTransactionFilterers() external view returns (address[]);
        function getFilteredFundsRecipient() external view returns (address);
        function getCollectTips() external view returns (bool);

        event ChainOwnerRectified(address rectifiedOwner);
    }

    /// ArbGasInfo (0x6c): prices and limits of gas.
    #[derive(Debug)]
    interface ArbGasInfo {
        function getPricesInWeiWithAggregator(address aggregator) external view returns (uint256 perL2Tx, uint256 perL1CalldataByte, uint256 perStorage, uint256 perArbGasBase, uint256 perArbGasCongestion, uint256 perArbGasTotal);
        function getPricesInWei() external view returns (uint256 perL2Tx, uint256 perL1CalldataByte, uint256 perStorage, uint256 perArbGasBase, uint256 perArbGasCongestion, uint256 perArbGasTotal);
        function getPricesInArbGasWithAggregator(address aggregator) external view returns (uint256 perL2Tx, uint256 perL1CalldataByte, uint256 perStorage);
        function getPricesInArbGas() external view returns (uint256 perL2Tx, uint256 perL1CalldataByte, uint256 perStorage);
        function getGasAccountingParams() external view returns (uint256 speedLimit, uint256 poolSize, uint256 maxBlockGasLimit);
        function getMaxTxGasLimit() external view returns (uint256);
        function getMinimumGasPrice() external view returns (uint256);
        function getL1BaseFeeEstimate() external view returns (uint256);
        function getL1BaseFeeEstimateInertia() external view returns (uint64);
        function getL1RewardRate() external view returns (uint64);
        function getL1RewardRecipient() external view returns (address);
        function getL1GasPriceEstimate() external view returns (uint256);
        function getCurrentTxL1GasFees() external view returns (uint256);
        function getGasBacklog() external view returns (uint64);
        function getPricingInertia() external view returns (uint64);
        function getGasBacklogTolerance() external view returns (uint64);
        function getL1PricingSurplus() external view returns (int256);
        function getPerBatchGasCharge() external view returns (int64);
        function getAmortizedCostCapBips() external view returns (uint64);
        function getL1FeesAvailable() external view returns (uint256);
        function getL1PricingEquilibrationUnits() external view returns (uint256);
        function getLastL1PricingUpdateTime() external view returns (uint64);
        function getL1PricingFundsDueForRewards() external view returns (uint256);
        function getL1PricingUnitsSinceUpdate() external view returns (uint64);
        function getLastL1PricingSurplus() external view returns (int256);
        function getMaxBlockGasLimit() external view returns (uint64);
        function getGasPricingConstraints() external view returns (uint64[3][] constraints);
        function getMultiGasPricingConstraints() external view returns (((uint8, uint64)[], uint32, uint64, uint64)[] constraints);
        function getMultiGasBaseFee() external view returns (uint256[] baseFees);
    }

    /// ArbAggregator (0x6d): who posts batches.
    #[derive(Debug)]
    interface ArbAggregator {
        function getPreferredAggregator(address account) external view returns (address aggregator, bool isDefault);
        function getDefaultAggregator() external view returns (address);
        function getBatchPosters() external view returns (address[]);
        function addBatchPoster(address newBatchPoster) external;
        function getFeeCollector(address batchPoster) external view returns (address);
        function setFeeCollector(address batchPoster, address newFeeCollector) external;
        function getTxBaseFee(address aggregator) external view returns (uint256);
        function setTxBaseFee(address aggregator, uint256 feeInL1Gas) external;
    }

    /// ArbRetryableTx (0x6e): retryable tickets.
    #[derive(Debug)]
    interface ArbRetryableTx {
        function redeem(bytes32 ticketId) external returns (bytes32);
        function getLifetime() external view returns (uint256);
        function getTimeout(bytes32 ticketId) external view returns (uint256);
        function keepalive(bytes32 ticketId) external returns (uint256);
        function getBeneficiary(bytes32 ticketId) external view returns (address);
        function cancel(bytes32 ticketId) external;
        function getCurrentRedeemer() external view returns (address);
        function submitRetryable(bytes32 requestId, uint256 l1BaseFee, uint256 deposit, uint256 callvalue, uint256 gasFeeCap, uint64 gasLimit, uint256 maxSubmissionFee, address feeRefundAddress, address beneficiary, address retryTo, bytes retryData) external;

        error NoTicketWithID();
        error NotCallable();
    }

    /// ArbOwner (0x70): the settings, for chain owners.
    #[derive(Debug)]
    interface ArbOwner {
        function addChainOwner(address newOwner) external;
        function removeChainOwner(address ownerToRemove) external;
        function isChainOwner(address account) external view returns (bool);
        function getAllChainOwners() external view returns (address[]);
        function setNativeTokenManagementFrom(uint64 timestamp) external;
        function addNativeTokenOwner(address newOwner) external;
        function removeNativeTokenOwner(address ownerToRemove) external;
        function isNativeTokenOwner(address account) external view returns (bool);
        function getAllNativeTokenOwners() external view returns (address[]);
        function setL1BaseFeeEstimateInertia(uint64 inertia) external;
        function setL2BaseFee(uint256 priceInWei) external;
        function setMinimumL2BaseFee(uint256 priceInWei) external;
        function setSpeedLimit(uint64 limit) external;
        function setMaxTxGasLimit(uint64 limit) external;
        function setMaxBlockGasLimit(uint64 limit) external;
        function setL2GasPricingInertia(uint64 sec) external;
        function setL2GasBacklogTolerance(uint64 sec) external;
        function getNetworkFeeAccount() external view returns (address);
        function getInfraFeeAccount() external view returns (address);
        function setNetworkFeeAccount(address newNetworkFeeAccount) external;
        function setInfraFeeAccount(address newInfraFeeAccount) external;
        function scheduleArbOSUpgrade(uint64 newVersion, uint64 timestamp) external;
        function setL1PricingEquilibrationUnits(uint256 equilibrationUnits) external;
        function setL1PricingInertia(uint64 inertia) external;
        function setL1PricingRewardRecipient(address recipient) external;
        function setL1PricingRewardRate(uint64 weiPerUnit) external;
        function setL1PricePerUnit(uint256 pricePerUnit) external;
        function setParentGasFloorPerToken(uint64 floorPerToken) external;
        function setPerBatchGasCharge(int64 cost) external;
        function setBrotliCompressionLevel(uint64 level) external;
        function setAmortizedCostCapBips(uint64 cap) external;
        function releaseL1PricerSurplusFunds(uint256 maxWeiToRelease) external returns (uint256);
        function setInkPrice(uint32 price) external;
        function setWasmMaxStackDepth(uint32 depth) external;
        function setWasmFreePages(uint16 pages) external;
        function setWasmPageGas(uint16 gas) external;
        function setWasmPageLimit(uint16 limit) external;
        function setWasmMaxSize(uint32 size) external;
        function setWasmMinInitGas(uint8 gas, uint16 cached) external;
        function setWasmInitCostScalar(uint64 percent) external;
        function setWasmExpiryDays(uint16 numDays) external;
        function setWasmKeepaliveDays(uint16 numDays) external;
        function setWasmBlockCacheSize(uint16 count) external;
        function addWasmCacheManager(address manager) external;
        function removeWasmCacheManager(address manager) external;
        function setChainConfig(string chainConfig) external;
        function setCalldataPriceIncrease(bool enable) external;
        function setGasBacklog(uint64 backlog) external;
        function setGasPricingConstraints(uint64[3][] constraints) external;
        function setMaxStylusContractFragments(uint8 maxFragments) external;
        function setWasmActivationGas(uint64 gas) external;
        function setTransactionFilteringFrom(uint64 timestamp) external;
        function addTransactionFilterer(address filterer) external;
        function removeTransactionFilterer(address filterer) external;
        function isTransactionFilterer(address filterer) external view returns (bool);
        function getAllTransactionFilterers() external view returns (address[]);
        function setFilteredFundsRecipient(address newRecipient) external;
        function getFilteredFundsRecipient() external view returns (address);
        function setMultiGasPricingConstraints(((uint8, uint64)[], uint32, uint64, uint64)[] constraints) external;
        function setCollectTips(bool collectTips) external;

        event ChainOwnerAdded(address indexed owner);
        event ChainOwnerRemoved(address indexed owner);
        event NativeTokenOwnerAdded(address indexed owner);
        event NativeTokenOwnerRemoved(address indexed owner);
        event TransactionFiltererAdded(address indexed filterer);
        event TransactionFiltererRemoved(address indexed filterer);
        event FilteredFundsRecipientSet(address indexed newRecipient);
        event OwnerActs(bytes4 indexed method, address indexed owner, bytes data);
    }

    /// ArbWasm (0x71): activation of Stylus programs, and their parameters.
    #[sol(rpc)]
    #[derive(Debug)]
    interface ArbWasm {
        function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
        function codehashKeepalive(bytes32 codehash) external payable;
        function stylusVersion() external view returns (uint16);
        function inkPrice() external view returns (uint32);
        function maxStackDepth() external view returns (uint32);
        function freePages() external view returns (uint16);
        function pageGas() external view returns (uint16);
        function pageRamp() external view returns (uint64);
        function pageLimit() external view returns (uint16);
        function minInitGas() external view returns (uint64 gas, uint64 cached);
        function initCostScalar() external view returns (uint64);
        function expiryDays() external view returns (uint16);
        function keepaliveDays() external view returns (uint16);
        function blockCacheSize() external view returns (uint16);
        function codehashVersion(bytes32 codehash) external view returns (uint16);
        function codehashAsmSize(bytes32 codehash) external view returns (uint32);
        function programVersion(address program) external view returns (uint16);
        function programInitGas(address program) external view returns (uint64 gas, uint64 gasWhenCached);
        function programMemoryFootprint(address program) external view returns (uint16);
        function programTimeLeft(address program) external view returns (uint64);
        function activationGas() external view returns (uint64 gas);

        event ProgramActivated(bytes32 indexed codehash, bytes32 moduleHash, address program, uint256 dataFee, uint16 version);
        event ProgramLifetimeExtended(bytes32 indexed codehash, uint256 dataFee);

        error ProgramNotWasm();
        error ProgramNotActivated();
        error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
        error ProgramExpired(uint64 ageInSeconds);
        error ProgramUpToDate();
        error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
        error ProgramInsufficientValue(uint256 have, uint256 want);
    }

    /// ArbWasmCache (0x72): which programs are cached.
    #[sol(rpc)]
    #[derive(Debug)]
    interface ArbWasmCache {
        function isCacheManager(address manager) external view returns (bool);
        function allCacheManagers() external view returns (address[]);
        function cacheProgram(address program) external;
        function evictCodehash(bytes32 codehash) external;
        function codehashIsCached(bytes32 codehash) external view returns (bool);

        event UpdateProgramCache(address indexed manager, bytes32 indexed codehash, bool cached);
    }

    /// ArbNativeTokenManager (0x73): minting and burning of the native token.
    #[derive(Debug)]
    interface ArbNativeTokenManager {
        function mintNativeToken(uint256 amount) external;
        function burnNativeToken(uint256 amount) external;

        event NativeTokenMinted(address indexed to, uint256 amount);
        event NativeTokenBurned(address indexed from, uint256 amount);
    }

    /// ArbFilteredTransactionsManager (0x74): which transactions are filtered.
    #[derive(Debug)]
    interface ArbFilteredTransactionsManager {
        function addFilteredTransaction(bytes32 txHash) external;
        function deleteFilteredTransaction(bytes32 txHash) external;
        function isTransactionFiltered(bytes32 txHash) external view returns (bool);

        event FilteredTransactionAdded(bytes32 indexed txHash);
        event FilteredTransactionDeleted(bytes32 indexed txHash);
    }

    /// ArbDebug (0xff): on development chains alone.
    #[derive(Debug)]
    interface ArbDebug {
        function becomeChainOwner() external;
        function overwriteContractCode(address target, bytes newCode) external returns (bytes oldCode);
        function events(bool flag, bytes32 value) external payable returns (address caller, uint256 paid);
        function eventsView() external view;
        function customRevert(uint64 number) external pure;
        function panic() external;
        function legacyError() external pure;

        event Basic(bool flag, bytes32 indexed value);
        event Mixed(bool indexed flag, bool not, bytes32 indexed value, address conn, address indexed caller);

        error Custom(uint64 number, string text, bool flag);
        error Unused();
    }

    /// NodeInterface (0xc8): what a node computes for an RPC client; no contract can call it.
    #[derive(Debug)]
    interface NodeInterface {
        function gasEstimateComponents(address to, bool contractCreation, bytes data)
            external payable
            returns (uint64 gasEstimate, uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate);
        function gasEstimateL1Component(address to, bool contractCreation, bytes data)
            external payable
            returns (uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate);
        function nitroGenesisBlock() external pure returns (uint256 number);
        function blockL1Num(uint64 l2BlockNum) external view returns (uint64 l1BlockNum);
        function l2BlockRangeForL1(uint64 blockNum) external view returns (uint64 firstBlock, uint64 lastBlock);
        function constructOutboxProof(uint64 size, uint64 leaf)
            external view
            returns (bytes32 send, bytes32 root, bytes32[] proof);
        function estimateRetryableTicket(address sender, uint256 deposit, address to, uint256 l2CallValue, address excessFeeRefundAddress, address callValueRefundAddress, bytes data) external;
    }
}
