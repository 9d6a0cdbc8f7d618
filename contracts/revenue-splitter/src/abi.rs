//! The interface, and what is called of the registry.
//!
//! Amounts are in wei, or in a token's smallest unit, and below 2^112; an account's part of the ether is below 2^96. Shares are in basis points. Times are in seconds
//! since 1970 as `block.timestamp` reads. `token` is an ERC-20; zero stands for ether where that is said.

use consilium_abi::sol_abi;
use consilium_components::access_managed::{AccessManaged, ObeysAuthority};
use consilium_components::eip712::Eip712;
use consilium_components::nonces::{KeyedNonces, Nonces};
use consilium_components::reentrancy::{GuardsReentrance, ReentrancyGuard};
use consilium_components::upgradeable::{Upgradeable, Upgrades};

use crate::RevenueSplitter;

sol_abi! {
    /// Splits what data earns as the DAO decided. Ether and any ERC-20 come in, a table of payees says whose they are,
    /// and each payee's part is paid out when anybody asks.
    ///
    /// Tables have versions, and the authority sets the next one. A table splits what arrived while it was the current
    /// one, and never anything else. A payee of the current table is due its part of everything received under it,
    /// rounded down: as OpenZeppelin 4.9's PaymentSplitter, whose functions and events for reading and releasing are
    /// here. What rounding leaves is `remainder`, less than one unit a payee; later arrivals make it payable. When the
    /// next table is set, it is given to payees, so that the parts of a replaced table are all that was received.
    ///
    /// The contract itself can be a payee: its part is the pool. An epoch takes money from the pool, and pays it by a
    /// Merkle tree to any number of accounts.
    ///
    /// Ether and tokens that arrive by a plain transfer are noticed by the balance. Ether always counts for the table
    /// of its arrival. A token calls nobody, so a plain transfer counts for the table that is current when this
    /// contract next looks: in `notice`, `pay`, `fundPool`, `release` and `publishEpoch` of that token, and in
    /// `setTable` where the token is listed.
    ///
    /// A token is trusted with nothing but the money in that token. Where it holds less than is owed (it lost value by
    /// itself), each payment is cut in proportion, so that nobody gains by being early. Only the payee itself can then
    /// take its part, and gives up the rest by that (LossTaken); or it waits until the token has recovered. Until then
    /// new payments are cut in the same way, and no epoch is published or recovered. Tokens that are sent by a plain
    /// transfer fill the gap first: so whoever wants to end a loss that stays sends what is missing.
    ///
    /// A token that takes more of this contract than it was told to move is not paid out: the rest is others' money.
    ///
    /// Each address of a token has books of its own, as in OpenZeppelin's PaymentSplitter. A token with two addresses
    /// (two entry points to one ledger) counts under both: a payee is paid its part twice, and what the others are due
    /// is missing.
    ///
    /// The contract is behind an ERC-1967 proxy.
    /// @custom:storage-location erc7201:consilium.storage.RevenueSplitter
    interface IRevenueSplitter for RevenueSplitter
        is AccessManaged, Upgradeable, Eip712, Nonces, KeyedNonces, ReentrancyGuard {
        /// Runs once, for whoever calls it first: call it in the deploying transaction.
        /// @param initialAuthority the access manager that says who may call the restricted functions; it has code
        /// @param registry the data pointer registry that `payLicence` asks; zero for none
        /// @param treasury who gets what was not claimed
        /// @param window for how many seconds an epoch can be disabled before it can be claimed
        /// @param recipients the first table's payees
        /// @param basisPoints their shares
        /// @custom:reverts UUPSUnauthorizedCallContext if it runs at the implementation, and not at a proxy
        /// @custom:reverts AccessManagedInvalidAuthority if the authority has no code
        /// @custom:reverts SplitterInvalidRegistry as `setRegistry`
        /// @custom:reverts SplitterInvalidRecipient if the treasury is zero or the contract itself
        /// @custom:reverts SplitterInvalidTable as `setTable`
        constructor(
            address initialAuthority, address registry, address treasury, uint32 window, address[] recipients,
            uint16[] basisPoints
        ) => initialize;

        // ---------------------------------------------------------------------------------------------- payments

        /// Takes ether for the current table. Logs PaymentReceived.
        receive() external payable => emit PaymentReceived;
        /// Takes a payment of the caller for the current table, tagged with its source. The tag is the caller's word.
        /// Logs RevenueReceived; for ether PaymentReceived before it; Noticed before it, if tokens came unannounced.
        /// @param token zero for ether
        /// @param amount what is sent along, or what the contract takes by `transferFrom`
        /// @return received what arrived: less than `amount` where the token takes a fee
        /// @custom:reverts SplitterWrongValue if another amount of ether is sent along, none, or any with a token
        /// @custom:reverts SplitterTransferFailed if the token refuses, or does not say yes
        /// @custom:reverts SplitterNothingReceived if the balance did not grow
        /// @custom:reverts SplitterTokenUnreadable if the token does not answer `balanceOf`
        function pay(address token, uint256 amount, Source source) external payable non_reentrant
            returns (uint256 received) => pay;
        /// As `pay`, for a request of the registry, which must know it. The class in the tag is the registry's. Logs
        /// LicencePaid after RevenueReceived. Whoever pays need not be who asked.
        /// @param licence the number or the hash of the licence, by the caller's word
        /// @param pointer the id of the pointer
        /// @param request the id of the request for its key
        /// @custom:reverts SplitterInvalidRegistry if there is no registry
        /// @custom:reverts SplitterNoSuchRequest if the registry knows no such request for the pointer
        /// @custom:reverts SplitterWrongValue as `pay`
        /// @custom:reverts SplitterTransferFailed as `pay`
        /// @custom:reverts SplitterNothingReceived as `pay`
        /// @custom:reverts SplitterTokenUnreadable as `pay`
        /// @custom:reverts what the registry reverts with: it does not answer
        function payLicence(address token, uint256 amount, bytes32 licence, bytes32 pointer, bytes32 request)
            external payable non_reentrant returns (uint256 received) => pay_licence;
        /// Takes money of the caller for the pool. It is not revenue and not split. Logs PoolFunded.
        /// @param token zero for ether
        /// @custom:reverts SplitterWrongValue as `pay`
        /// @custom:reverts SplitterTransferFailed as `pay`
        /// @custom:reverts SplitterNothingReceived as `pay`
        /// @custom:reverts SplitterTokenUnreadable as `pay`
        function fundPool(address token, uint256 amount) external payable non_reentrant
            returns (uint256 received) => fund_pool;
        /// Notices tokens that came by a plain transfer, for the current table. Logs Noticed if there are any.
        /// @return amount how many
        /// @custom:reverts SplitterTokenUnreadable if the token does not answer `balanceOf`
        function notice(address token) external non_reentrant returns (uint256 amount) => notice;

        // ---------------------------------------------------------------------------------------------- releases

        /// Pays an account all the ether that it is due, of all tables. Logs PaymentReleased.
        /// @custom:reverts SplitterNothingDue if that is nothing
        /// @custom:reverts SplitterInvalidRecipient if it is the contract itself: epochs pay out the pool
        /// @custom:reverts SplitterTransferFailed if the account does not take it
        function release(address account) external non_reentrant => release;
        /// Pays an account all that it is due of a token, of all tables. It costs some 5,000 gas more for each table
        /// that the account was in and that was replaced since it was paid in this token. Logs ERC20PaymentReleased.
        /// @custom:reverts SplitterNothingDue if that is nothing
        /// @custom:reverts SplitterShort if the contract holds less than it owes, and the caller is not the account
        /// @custom:reverts SplitterInvalidRecipient if it is the contract itself
        /// @custom:reverts SplitterTransferFailed if the token refuses, does not say yes, moves nothing, or takes more
        /// than is paid
        /// @custom:reverts SplitterTokenUnreadable if the token does not answer `balanceOf`
        function release(address token, address account) external non_reentrant => release_token;
        /// Several calls of this contract in one, all or none of them.
        /// @custom:reverts AccessManagedUnauthorized if the caller is the authority
        /// @custom:reverts what the first call that fails reverts with; FailedCall if that is nothing
        /// @custom:reverts FailedCall at a call of `upgradeToAndCall`: what follows it would run the old code
        function multicall(bytes[] data) external returns (bytes[] results) => multicall;

        // ------------------------------------------------------------------------------------------------ tables

        /// Sets the next table. It splits what arrives from now on. What arrived before stays as the tables before
        /// said: all ether; all that was paid by `pay`; and of the listed tokens also what came by plain transfer. Logs
        /// TableClosed for ether and the listed tokens, then TableSet and PayeeAdded for each payee.
        /// @param recipients 1 to 256 different accounts; the contract itself for the pool
        /// @param basisPoints their shares, none of them zero, which sum to 10,000
        /// @param tokens whose plain transfers are noticed first, for the table that is replaced
        /// @custom:reverts ReentrancyGuardReentrantCall while another call of the contract is running
        /// @custom:reverts SplitterInvalidTable if it is not such a table
        /// @custom:reverts SplitterTokenUnreadable if a listed token does not answer: leave it out
        function setTable(address[] recipients, uint16[] basisPoints, address[] tokens) external restricted
            => set_table;

        // ------------------------------------------------------------------------------------------------ epochs

        /// Publishes an epoch: sets `total` of the pool aside, for those in a Merkle tree. The tree is one of
        /// OpenZeppelin's merkle-tree (StandardMerkleTree) of (uint256 index, address account, uint256 amount). Each
        /// index is claimed once. An index of 2^255 or above says that its account has no key of a usual kind, a
        /// passkey's address for example: nobody but the account claims it. Logs EpochPublished.
        /// @param token zero for ether
        /// @param manifest the hash of the list that the tree was made from
        /// @param deadline the last second in which it can be claimed
        /// @return number of the epoch, from 1
        /// @custom:reverts ReentrancyGuardReentrantCall while another call of the contract is running
        /// @custom:reverts SplitterInvalidEpoch if root or total is zero, or the deadline is not after the window
        /// @custom:reverts SplitterEpochPublished if one with this root and manifest was published and not disabled
        /// @custom:reverts SplitterPoolTooSmall if less is due to the pool
        /// @custom:reverts SplitterShort if the contract holds less of the token than it owes
        /// @custom:reverts SplitterTokenUnreadable if the token does not answer `balanceOf`
        function publishEpoch(address token, uint256 total, bytes32 root, bytes32 manifest, uint48 deadline)
            external restricted returns (uint32 number) => publish_epoch;
        /// Disables an epoch before it can be claimed: for a guardian. Its money is in the pool again. Logs
        /// EpochDisabled.
        /// @custom:reverts ReentrancyGuardReentrantCall while another call of the contract is running
        /// @custom:reverts SplitterNotInWindow if there is no such epoch, it was disabled, or it can be claimed
        function disableEpoch(uint32 number) external restricted => disable_epoch;
        /// Pays the treasury what was not claimed by the deadline. Logs EpochRecovered.
        /// @custom:reverts ReentrancyGuardReentrantCall while another call of the contract is running
        /// @custom:reverts SplitterNotEnded if there is no such epoch, it was disabled or recovered, or its deadline is
        /// still to come
        /// @custom:reverts SplitterNothingDue if all was claimed
        /// @custom:reverts SplitterShort if the contract holds less of the token than it owes
        /// @custom:reverts SplitterTransferFailed as `release`
        /// @custom:reverts SplitterTokenUnreadable as `release`
        function recoverEpoch(uint32 number) external restricted => recover_epoch;
        /// Pays an account of an epoch, for whoever brings the proof. Logs Claimed.
        /// @custom:reverts SplitterInvalidProof if the proof does not lead to the epoch's root, or there is no such
        /// epoch
        /// @custom:reverts SplitterNotOpen if it cannot be claimed yet or any more, or was disabled
        /// @custom:reverts SplitterAlreadyClaimed if the index was claimed
        /// @custom:reverts SplitterSignatureNeeded if the index is 2^255 or above and the caller is not the account
        /// @custom:reverts SplitterEpochExhausted if the epoch does not have so much any more
        /// @custom:reverts SplitterShort as `release`
        /// @custom:reverts SplitterInvalidRecipient if the account is zero or the contract itself
        /// @custom:reverts SplitterTransferFailed as `release`
        /// @custom:reverts SplitterTokenUnreadable as `release`
        function claim(uint32 number, uint256 index, address account, uint256 amount, bytes32[] proof)
            external non_reentrant => claim;
        /// As `claim`, for many of one epoch. One that `claim` would refuse is skipped, and logged as ClaimSkipped: a
        /// token that refuses one account keeps nobody else from being paid. An account gets at most 500,000 gas to be
        /// paid. Where a skipped one has no other reason than too little gas, it can be claimed again.
        /// @return done whether each was paid
        /// @custom:reverts SplitterNotOpen as `claim`, or if there is no such epoch
        /// @custom:reverts SplitterTransferFailed if the token moved what it said it did not
        /// @custom:reverts SplitterTokenUnreadable as `release`
        function claimMany(uint32 number, Claim[] claims) external non_reentrant returns (bool[] done)
            => claim_many;
        /// Pays the part of an account to any other, by the account's signature, for whoever brings it.
        ///
        /// The typed data (EIP-712) is `Claim(uint32 epoch,uint256 index,uint256 amount,address to,uint256 nonce,uint48
        /// deadline,address relayer)`. The signer's address is the account: one that signs by its key or by ERC-1271, a
        /// passkey, or an ERC-7913 verifier and its key, as in the consent. A passkey's first message here pins the
        /// site that it is used at, and logs SitePinned.
        /// @custom:reverts SplitterExpiredSignature after the deadline
        /// @custom:reverts SplitterWrongRelayer if another relayer is named
        /// @custom:reverts InvalidAccountNonce if the nonce is not the signer's next under its key
        /// @custom:reverts SplitterInvalidSignature if the signer is not the account, did not sign this, or signed at
        /// another site
        /// @custom:reverts SplitterShort if the contract holds less than it owes, and the message names no relayer: who
        /// brings a message chooses the second of the loss
        /// @custom:reverts as `claim`, except for SplitterSignatureNeeded
        function claimSigned(uint32 number, Claim claim, address to, Signed signed) external non_reentrant
            => claim_signed;

        // ----------------------------------------------------------------------------------------------- settings

        /// Sets who gets what was not claimed. Logs TreasurySet.
        /// @custom:reverts SplitterInvalidRecipient if it is zero or the contract itself
        function setTreasury(address treasury) external restricted => set_treasury;
        /// Sets the registry that `payLicence` asks; zero for none. Logs RegistrySet.
        /// @custom:reverts SplitterInvalidRegistry if it has no code
        function setRegistry(address registry) external restricted => set_registry;
        /// Sets for how many seconds epochs that are published from now on can be disabled before they can be claimed.
        /// Logs WindowSet.
        function setWindow(uint32 window) external restricted => set_window;

        // -------------------------------------------------------------------------------------------------- views

        /// The sum of all shares: 10,000.
        function totalShares() external view returns (uint256) => total_shares;
        /// The share of an account in the current table.
        function shares(address account) external view returns (uint256) => shares;
        /// The payee at a place of the current table, from 0.
        /// @custom:reverts Panic(0x32) if there is none
        function payee(uint256 index) external view returns (address) => payee;
        /// The ether that was paid to payees, and that epochs took from the pool. What the pool got back from a disabled
        /// epoch is not subtracted: it counts once more when it is taken again.
        function totalReleased() external view returns (uint256) => total_released;
        /// The same of a token, and what was given up.
        function totalReleased(address token) external view returns (uint256) => total_released_token;
        /// The ether that an account was paid as a payee; of the contract itself, what epochs took.
        function released(address account) external view returns (uint256) => released;
        /// The same of a token, and what it gave up.
        function released(address token, address account) external view returns (uint256) => released_token;
        /// The ether that `release` would pay an account; of the contract itself, what is in the pool.
        function releasable(address account) external view returns (uint256) => releasable;
        /// The same of a token. Where the contract holds less than it owes, only the account itself can have it paid.
        /// @custom:reverts SplitterTokenUnreadable if the token does not answer `balanceOf`
        function releasable(address token, address account) external view returns (uint256) => releasable_token;
        /// What was received under the current table and is not payable yet, because of rounding.
        /// @param token zero for ether
        /// @custom:reverts SplitterTokenUnreadable if the token does not answer `balanceOf`
        function remainder(address token) external view returns (uint256) => remainder;
        /// What was received under a table, what was not noticed yet included.
        /// @param token zero for ether
        /// @custom:reverts SplitterTokenUnreadable if the token does not answer `balanceOf`
        function received(uint32 version, address token) external view returns (uint256) => received;
        /// The version of the current table, from 1.
        function tableVersion() external view returns (uint32) => table_version;
        /// The payees of a table and their shares; none if there was no such table.
        function table(uint32 version) external view returns (address[] recipients, uint16[] basisPoints) => table;
        /// An epoch; its state is 0 if there is none.
        function epoch(uint32 number) external view returns (Epoch epoch) => epoch;
        /// How many epochs were published.
        function epochCount() external view returns (uint32) => epoch_count;
        /// Whether an index of an epoch was claimed.
        function isClaimed(uint32 number, uint256 index) external view returns (bool) => is_claimed;
        /// Who gets what was not claimed.
        function treasury() external view returns (address) => treasury;
        /// The registry that `payLicence` asks.
        function registry() external view returns (address) => registry;
        /// For how many seconds an epoch can be disabled.
        function window() external view returns (uint32) => window;
        /// The first 16 bytes of the hash of the site (rpIdHash) that a passkey is pinned to here; zero for none.
        function pinnedSite(address key) external view returns (bytes16) => pinned_site;
        /// Whether the contract has an interface (ERC-165): AccessManaged, ERC-5267, ERC-165 itself.
        function supportsInterface(bytes4 interfaceId) external view returns (bool) => supports_interface;

        // ------------------------------------------------------------------------------------------------ structs

        /// Where a payment comes from: the class of the data in the consent's numbers, a number or hash of a licence,
        /// the registry's id of a request. Zero for what there is not.
        struct Source {
            uint8 dataClass;
            bytes32 licence;
            bytes32 request;
        }
        /// A leaf of an epoch's tree, and its proof.
        struct Claim {
            uint256 index;
            address account;
            uint256 amount;
            bytes32[] proof;
        }
        /// An epoch. Its state is 1 published, 2 disabled, 3 recovered. It can be claimed from the second
        /// `claimableFrom` to the second `deadline`.
        struct Epoch {
            uint8 state;
            address token;
            uint48 claimableFrom;
            uint48 deadline;
            uint256 total;
            uint256 remaining;
            bytes32 root;
            bytes32 manifest;
        }
        /// Who signed, and how.
        struct Signed {
            bytes signer;
            uint256 nonce;
            uint48 deadline;
            address relayer;
            bytes signature;
        }

        // ------------------------------------------------------------------------------------------------- events

        /// Ether came, by a plain transfer or by `pay`.
        event PaymentReceived(address from, uint256 amount);
        /// A payment came with its source, for the table `version`.
        event RevenueReceived(
            address indexed token, address indexed payer, bytes32 indexed licence, uint8 dataClass, bytes32 request,
            uint256 amount, uint32 version
        );
        /// The payment just logged is for a request that the registry knows: for the key of `pointer`, of `actor`.
        /// Anybody pays for any request, in any token: read which token, and how much. `custodian` has the pointer now.
        event LicencePaid(
            bytes32 indexed request, bytes32 indexed pointer, address indexed custodian, address actor, bytes32 licence,
            address token, uint256 amount
        );
        /// Tokens that came by plain transfer were noticed, for the table `version`.
        event Noticed(address indexed token, uint32 indexed version, uint256 amount);
        /// The pool was given money.
        event PoolFunded(address indexed token, address indexed from, uint256 amount);
        /// A payee was paid ether.
        event PaymentReleased(address to, uint256 amount);
        /// A payee was paid in a token.
        event ERC20PaymentReleased(address indexed token, address to, uint256 amount);
        /// An account gave up so much of what it was due, because the contract held too little of the token, or because
        /// the token rounded.
        event LossTaken(address indexed token, address indexed account, uint256 amount);
        /// A table was replaced and received so much in all. Of a token it is logged when it is next looked at.
        event TableClosed(uint32 indexed version, address indexed token, uint256 received);
        /// There is another table; its payees follow.
        event TableSet(uint32 indexed version, uint256 payees);
        /// An account is in the table.
        event PayeeAdded(address account, uint256 shares);
        /// An epoch was published.
        event EpochPublished(
            uint32 indexed number, address indexed token, bytes32 root, bytes32 manifest, uint256 total,
            uint48 claimableFrom, uint48 deadline
        );
        /// An epoch was disabled; so much is in the pool again.
        event EpochDisabled(uint32 indexed number, uint256 amount);
        /// What was not claimed was paid to the treasury.
        event EpochRecovered(uint32 indexed number, address to, uint256 amount);
        /// An account of an epoch was paid, or `to` in its place.
        event Claimed(uint32 indexed number, uint256 index, address indexed account, address to, uint256 amount);
        /// One of many claims was skipped, because of what it would have reverted with.
        event ClaimSkipped(uint32 indexed number, uint256 index, bytes reason);
        /// There is another treasury.
        event TreasurySet(address treasury);
        /// Another registry is asked.
        event RegistrySet(address registry);
        /// There is another window, in seconds.
        event WindowSet(uint32 window);
        /// The first message of a passkey pinned the site that it is used at.
        event SitePinned(address indexed key, bytes16 site);

        // ------------------------------------------------------------------------------------------------- errors

        /// It is no table: see `setTable`.
        error SplitterInvalidTable();
        /// Another amount of ether belongs to this call.
        error SplitterWrongValue(uint256 value);
        /// The account cannot be paid: it is zero, or the contract itself.
        error SplitterInvalidRecipient(address account);
        /// The registry has no code, or there is none.
        error SplitterInvalidRegistry(address registry);
        /// The registry knows no such request for the pointer.
        error SplitterNoSuchRequest(bytes32 pointer, bytes32 request);
        /// The balance did not grow.
        error SplitterNothingReceived(address token);
        /// The account is due nothing.
        error SplitterNothingDue(address account);
        /// The contract holds less of the token than it owes: only the account itself takes its part now.
        error SplitterShort(address token);
        /// The amount was not moved as it should.
        error SplitterTransferFailed(address token, address to, uint256 amount);
        /// The token does not answer `balanceOf` with a number.
        error SplitterTokenUnreadable(address token);
        /// Root or total is zero, or the deadline is not after the window.
        error SplitterInvalidEpoch();
        /// It was published as this epoch.
        error SplitterEpochPublished(uint32 number);
        /// The pool has only so much.
        error SplitterPoolTooSmall(uint256 due);
        /// The epoch cannot be disabled.
        error SplitterNotInWindow(uint32 number);
        /// There is nothing to recover from the epoch now.
        error SplitterNotEnded(uint32 number);
        /// The epoch cannot be claimed now.
        error SplitterNotOpen(uint32 number);
        /// The index was claimed.
        error SplitterAlreadyClaimed(uint32 number, uint256 index);
        /// Only the account itself can claim this.
        error SplitterSignatureNeeded(address account);
        /// The proof does not lead to the epoch's root, or there is no such epoch.
        error SplitterInvalidProof(uint32 number, uint256 index);
        /// The epoch has only so much left.
        error SplitterEpochExhausted(uint32 number, uint256 remaining);
        /// The signature was good until the second `deadline`.
        error SplitterExpiredSignature(uint48 deadline);
        /// Only `relayer` may bring this message.
        error SplitterWrongRelayer(address relayer);
        /// The signer is not the account, did not sign this, or signed at another site.
        error SplitterInvalidSignature(address signer);
    }
}

sol_abi! {
    /// What is called of the registry.
    interface IRegistry {
        /// What is known of a pointer.
        function status(bytes32 id) external view
            returns (uint8 state, address subject, address custodian, uint8 dataClass, uint32 schema);
        /// Who asked for a pointer's key; zero if there is no such request. More follows, and is not read.
        function accessRequest(bytes32 id, bytes32 requestId) external view returns (address actor);
    }
}
