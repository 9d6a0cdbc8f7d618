// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// What the splitter calls of the registry.
interface ISplitterRegistry {
    function status(bytes32 id)
        external
        view
        returns (uint8 state, address subject, address custodian, uint8 dataClass, uint32 schema);
    function accessRequest(bytes32 id, bytes32 requestId) external view returns (address actor);
}

/// What the interface names: structs, events, errors, and the numbers of its text.
abstract contract SplitterTypes {
    struct Source {
        uint8 dataClass;
        bytes32 licence;
        bytes32 request;
    }

    struct Claim {
        uint256 index;
        address account;
        uint256 amount;
        bytes32[] proof;
    }

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

    struct Signed {
        bytes signer;
        uint256 nonce;
        uint48 deadline;
        address relayer;
        bytes signature;
    }

    event PaymentReceived(address from, uint256 amount);
    event RevenueReceived(
        address indexed token,
        address indexed payer,
        bytes32 indexed licence,
        uint8 dataClass,
        bytes32 request,
        uint256 amount,
        uint32 version
    );
    event LicencePaid(
        bytes32 indexed request,
        bytes32 indexed pointer,
        address indexed custodian,
        address actor,
        bytes32 licence,
        address token,
        uint256 amount
    );
    event Noticed(address indexed token, uint32 indexed version, uint256 amount);
    event PoolFunded(address indexed token, address indexed from, uint256 amount);
    event PaymentReleased(address to, uint256 amount);
    event ERC20PaymentReleased(address indexed token, address to, uint256 amount);
    event LossTaken(address indexed token, address indexed account, uint256 amount);
    event TableClosed(uint32 indexed version, address indexed token, uint256 received);
    event TableSet(uint32 indexed version, uint256 payees);
    event PayeeAdded(address account, uint256 shares);
    event EpochPublished(
        uint32 indexed number,
        address indexed token,
        bytes32 root,
        bytes32 manifest,
        uint256 total,
        uint48 claimableFrom,
        uint48 deadline
    );
    event EpochDisabled(uint32 indexed number, uint256 amount);
    event EpochRecovered(uint32 indexed number, address to, uint256 amount);
    event Claimed(uint32 indexed number, uint256 index, address indexed account, address to, uint256 amount);
    event ClaimSkipped(uint32 indexed number, uint256 index, bytes reason);
    event TreasurySet(address treasury);
    event RegistrySet(address registry);
    event WindowSet(uint32 window);
    event SitePinned(address indexed key, bytes16 site);

    error SplitterInvalidTable();
    error SplitterWrongValue(uint256 value);
    error SplitterInvalidRecipient(address account);
    error SplitterInvalidRegistry(address registry);
    error SplitterNoSuchRequest(bytes32 pointer, bytes32 request);
    error SplitterNothingReceived(address token);
    error SplitterNothingDue(address account);
    error SplitterShort(address token);
    error SplitterTransferFailed(address token, address to, uint256 amount);
    error SplitterTokenUnreadable(address token);
    error SplitterInvalidEpoch();
    error SplitterEpochPublished(uint32 number);
    error SplitterPoolTooSmall(uint256 due);
    error SplitterNotInWindow(uint32 number);
    error SplitterNotEnded(uint32 number);
    error SplitterNotOpen(uint32 number);
    error SplitterAlreadyClaimed(uint32 number, uint256 index);
    error SplitterSignatureNeeded(address account);
    error SplitterInvalidProof(uint32 number, uint256 index);
    error SplitterEpochExhausted(uint32 number, uint256 remaining);
    error SplitterExpiredSignature(uint48 deadline);
    error SplitterWrongRelayer(address relayer);
    error SplitterInvalidSignature(address signer);

    /// States of an epoch.
    uint8 internal constant PUBLISHED = 1;
    uint8 internal constant DISABLED = 2;
    uint8 internal constant RECOVERED = 3;

    uint16 internal constant BASIS_POINTS = 10_000;
    uint256 internal constant MOST_PAYEES = 256;
    /// The largest amount of a token that is counted.
    uint112 internal constant MOST = type(uint112).max;
}
