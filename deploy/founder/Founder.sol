// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// What the Founder asks of Nitro's precompile at 0x71.
interface IArbWasm {
    function stylusVersion() external view returns (uint16 version);
    function codehashVersion(bytes32 codehash) external view returns (uint16 version);
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
}

/// Creates contracts that name one another in their constructors, all in one transaction or none of them: Stylus
/// programs, and proxies before some of them.
///
/// Where a contract's address follows from its constructor's arguments, two contracts cannot name each other. Here the
/// addresses follow from this contract and a number alone, and this contract's own address follows from the plan. So
/// every address commits to the code and to the arguments of all contracts, nobody needs a temporary power to connect
/// them afterwards, and anybody may send the transaction: it can do nothing but what was planned.
///
/// The Founder keeps no storage, has no owner, and does nothing a second time.
contract Founder {
    /// A contract and its constructor.
    struct Part {
        /// Creation code, with zeros where the address of a contract of the plan belongs.
        bytes initCode;
        /// Whether it leaves a Stylus program behind, which is activated. Else it leaves EVM code.
        bool isProgram;
        /// Calldata of the constructor, with zeros where the address of a contract of the plan belongs.
        bytes constructorCall;
        /// Where addresses belong: the offset of a 32-byte word in `constructorCall`, times 256, plus the number of the
        /// contract in the plan, from 0. Plus 128, if the word is in `initCode`.
        uint256[] references;
    }

    /// All contracts stand, at these addresses. `sender` paid for it and has no power over them.
    event Founded(address indexed sender, address[] contracts);

    /// The calldata is not what this Founder was made for.
    error OtherPlan();
    /// The plan was carried out before.
    error AlreadyFounded();
    /// The creation code of a contract failed.
    error CreationFailed(uint256 part);
    /// A reference does not lie in the bytes that it is for, or names no contract.
    error BadReference(uint256 part, uint256 number);
    /// The constructor of a contract reverted, with this data.
    error ConstructorFailed(uint256 part, bytes reason);
    /// The sender did not take the rest of its ether back.
    error RefundFailed();

    IArbWasm private constant ARB_WASM = IArbWasm(0x0000000000000000000000000000000000000071);

    /// Keccak-256 of the calldata, selector included, that `found` takes.
    bytes32 public immutable plan;

    constructor(bytes32 plan_) {
        plan = plan_;
    }

    /// Creates, activates and constructs every contract of the plan, in its order, and gives back what is left of the
    /// ether sent along, which pays the data fee of each activation. At most 127 contracts.
    function found(Part[] calldata parts) external payable returns (address[] memory contracts) {
        if (keccak256(msg.data) != plan) revert OtherPlan();
        contracts = new address[](parts.length);
        for (uint256 i = 0; i < parts.length; ++i) contracts[i] = addressOf(i);
        if (parts.length != 0 && contracts[0].code.length != 0) revert AlreadyFounded();

        for (uint256 i = 0; i < parts.length; ++i) {
            bytes memory initCode = parts[i].initCode;
            bytes memory constructorCall = parts[i].constructorCall;
            fill(i, initCode, constructorCall, parts[i].references, contracts);
            if (create(initCode) != contracts[i]) revert CreationFailed(i);
            if (parts[i].isProgram) activate(contracts[i]);
            (bool success, bytes memory reason) = contracts[i].call(constructorCall);
            if (!success) revert ConstructorFailed(i, reason);
        }
        emit Founded(msg.sender, contracts);

        if (address(this).balance != 0) {
            (bool taken,) = msg.sender.call{value: address(this).balance}("");
            if (!taken) revert RefundFailed();
        }
    }

    /// Where a contract of the plan stands or will stand: what CREATE gives for this contract's nonce `number` + 1.
    function addressOf(uint256 number) public view returns (address) {
        // RLP of an address and a nonce from 1 to 127.
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), uint8(number + 1))))));
    }

    function create(bytes memory initCode) private returns (address created) {
        assembly ("memory-safe") {
            created := create(0, add(initCode, 32), mload(initCode))
        }
    }

    /// Activates a program unless its code is active. ArbWasm keeps the fee and returns the rest to this contract.
    function activate(address program) private {
        // Reverts for code that was never activated, has expired, or is of an old Stylus version.
        try ARB_WASM.codehashVersion(program.codehash) returns (uint16 version) {
            if (version == ARB_WASM.stylusVersion()) return;
        } catch {}
        ARB_WASM.activateProgram{value: address(this).balance}(program);
    }

    /// Puts addresses in place of references.
    function fill(
        uint256 part,
        bytes memory initCode,
        bytes memory constructorCall,
        uint256[] calldata references,
        address[] memory contracts
    ) private pure {
        for (uint256 i = 0; i < references.length; ++i) {
            bytes memory data = references[i] & 0x80 == 0 ? constructorCall : initCode;
            uint256 offset = references[i] >> 8;
            uint256 number = references[i] & 0x7f;
            if (data.length < 32 || offset > data.length - 32 || number >= contracts.length) revert BadReference(part, i);
            address named = contracts[number];
            assembly ("memory-safe") {
                mstore(add(add(data, 32), offset), named)
            }
        }
    }
}
