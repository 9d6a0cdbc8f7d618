// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

import {IConsent} from "../../abi/IConsent.sol";
import {IDataPointerRegistry} from "../../abi/IDataPointerRegistry.sol";
import {IGovernor} from "../../abi/IGovernor.sol";
import {IRevenueSplitter} from "../../abi/IRevenueSplitter.sol";

/// Sells researchers the keys of records whose subjects consented to it. The DAO licenses a researcher for a purpose. The
/// researcher pays for each record; the money waits here until the record's custodian has delivered the key. Then it is
/// paid to the revenue splitter as the payment of a licence, for the request: the splitter asks the same registry, and
/// splits it as the DAO decided. If the custodian declines or is late, it goes back.
/// For the registry and the consent, this contract is the actor: a subject permits the marketplace's address. So no
/// function lets anybody but a licensed researcher ask, and a subject's denial of the researcher counts too.
contract ResearchMarketplace {
    struct Licence {
        address researcher;
        uint48 until;
        uint8 purpose;
    }

    struct Paid {
        address researcher;
        uint96 amount;
        bytes32 id;
        bytes32 licence;
    }

    /// The consent's reasons: an emergency, which hides what the subject says, and a denial. Above are organisations that
    /// were excluded, of which the subject's denial is not even asked.
    uint8 private constant EMERGENCY = 3;
    uint8 private constant DENIED = 21;

    IDataPointerRegistry public immutable registry;
    IConsent public immutable consent;
    IGovernor public immutable governor;
    /// In wei for each record, and never zero.
    uint96 public price;
    /// Takes what delivered keys cost.
    IRevenueSplitter public splitter;
    /// By their numbers, from 1.
    mapping(uint256 number => Licence) public licences;
    uint256 public licenceCount;
    /// What was paid for a request and is still here.
    mapping(bytes32 requestId => Paid) public paid;

    event PriceSet(uint96 price);
    event SplitterSet(address splitter);
    /// `terms` is the hash of what the researcher agreed to.
    event Licensed(uint256 indexed licence, address indexed researcher, uint8 purpose, uint48 until, bytes32 terms);
    event LicenceEnded(uint256 indexed licence);
    event RecordRequested(uint256 indexed licence, bytes32 indexed id, bytes32 indexed requestId, uint96 price);
    /// The record's subject denies the researcher, or the DAO excluded it.
    event RecordDenied(uint256 indexed licence, bytes32 indexed id);
    event Earned(bytes32 indexed requestId, address indexed splitter, uint96 amount);
    event Refunded(bytes32 indexed requestId, address indexed researcher, uint96 amount);

    error OnlyTheDao(address caller);
    error NotTheResearcher(address caller);
    error NoLicence(uint256 licence);
    error NoPrice();
    error WrongPayment(uint256 paid, uint256 due);
    error NothingPaid(bytes32 requestId);
    /// The custodian has until the second `dueBy`.
    error StillDue(bytes32 requestId, uint48 dueBy);
    error PaymentRefused(address account);
    /// It asks another registry, which knows none of the requests here.
    error AnotherRegistry(address registry);

    modifier onlyDao() {
        if (msg.sender != governor.timelock()) revert OnlyTheDao(msg.sender);
        _;
    }

    constructor(IDataPointerRegistry registry_, IGovernor governor_, uint96 price_, IRevenueSplitter splitter_) {
        registry = registry_;
        // The registry asks this one, and it never asks another.
        consent = IConsent(registry_.consent());
        governor = governor_;
        _setPrice(price_);
        _setSplitter(splitter_);
    }

    /// What was requested before costs what it cost then.
    function setPrice(uint96 newPrice) external onlyDao {
        _setPrice(newPrice);
    }

    function setSplitter(IRevenueSplitter newSplitter) external onlyDao {
        _setSplitter(newSplitter);
    }

    function license(address researcher, uint8 purpose, uint48 until, bytes32 terms)
        external
        onlyDao
        returns (uint256 licence)
    {
        licence = ++licenceCount;
        licences[licence] = Licence(researcher, until, purpose);
        emit Licensed(licence, researcher, purpose, until, terms);
    }

    function endLicence(uint256 licence) external onlyDao {
        licences[licence].until = 0;
        emit LicenceEnded(licence);
    }

    /// Asks for the keys of records, wrapped for the researcher's public key. `msg.value` is the price of all; what is
    /// refused costs nothing and is given back at once.
    /// @return requestIds zero for a record whose subject does not consent, or that is not there
    function requestRecords(uint256 licence, bytes32[] calldata ids, bytes32 encryptionKey)
        external
        payable
        returns (bytes32[] memory requestIds)
    {
        Licence memory licensed = licences[licence];
        if (block.timestamp >= licensed.until) revert NoLicence(licence);
        if (msg.sender != licensed.researcher) revert NotTheResearcher(msg.sender);
        uint96 each = price;
        if (msg.value != each * ids.length) revert WrongPayment(msg.value, each * ids.length);

        IDataPointerRegistry.Request[] memory requests = new IDataPointerRegistry.Request[](ids.length);
        for (uint256 i = 0; i < ids.length; i++) {
            if (_denies(ids[i], licensed)) {
                // An empty request is skipped by the registry.
                emit RecordDenied(licence, ids[i]);
            } else {
                requests[i] = IDataPointerRegistry.Request(ids[i], licensed.purpose, address(0), encryptionKey);
            }
        }
        requestIds = registry.requestAccessMany(requests);
        uint256 refused = 0;
        for (uint256 i = 0; i < ids.length; i++) {
            if (requestIds[i] == 0) {
                refused++;
            } else {
                paid[requestIds[i]] = Paid(licensed.researcher, each, ids[i], bytes32(licence));
                emit RecordRequested(licence, ids[i], requestIds[i], each);
            }
        }
        _pay(msg.sender, each * refused);
    }

    /// Pays out what waits for a request, for whoever calls: to the splitter if the key was delivered in time; back to the
    /// researcher if the custodian declined or was late, whoever calls first. If the splitter refuses, the money waits. A researcher that is a contract has to take
    /// ether.
    function settle(bytes32 requestId) external {
        Paid memory held = paid[requestId];
        if (held.researcher == address(0)) revert NothingPaid(requestId);
        (, uint48 dueBy, bool delivered, bool overdue, bool declined) = registry.accessRequest(held.id, requestId);
        // Before any money moves: whoever is paid may call again, and finds nothing.
        delete paid[requestId];
        if (delivered && !overdue) {
            emit Earned(requestId, address(splitter), held.amount);
            splitter.payLicence{value: held.amount}(address(0), held.amount, held.licence, held.id, requestId);
        } else {
            if (!declined && block.timestamp <= dueBy) revert StillDue(requestId, dueBy);
            emit Refunded(requestId, held.researcher, held.amount);
            _pay(held.researcher, held.amount);
        }
    }

    /// The subject permits the marketplace, and denies this researcher, or the DAO excluded it. A denial does not reach
    /// what was requested before it: the subject revokes the marketplace's consent for that.
    function _denies(bytes32 id, Licence memory licensed) private view returns (bool) {
        IDataPointerRegistry.Status memory found = registry.status(id);
        (, uint8 reason,,) =
            consent.isPermitted(found.subject, licensed.researcher, address(0), found.dataClass, licensed.purpose);
        return reason == EMERGENCY || reason >= DENIED;
    }

    /// The splitter takes no payment of nothing, so a request that costs nothing could never be settled.
    function _setPrice(uint96 newPrice) private {
        if (newPrice == 0) revert NoPrice();
        price = newPrice;
        emit PriceSet(newPrice);
    }

    function _setSplitter(IRevenueSplitter newSplitter) private {
        address asked = newSplitter.registry();
        if (asked != address(registry)) revert AnotherRegistry(asked);
        splitter = newSplitter;
        emit SplitterSet(address(newSplitter));
    }

    function _pay(address account, uint256 amount) private {
        if (amount == 0) return;
        (bool taken,) = account.call{value: amount}("");
        if (!taken) revert PaymentRefused(account);
    }
}
