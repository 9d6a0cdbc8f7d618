// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// What the Founder asks of Nitro's precompile at 0x71.
interface IArbWasm {
    function stylusVersion() external view returns (uint16 version);
    function codehashVersion(bytes32 codehash) external view returns (uint16 version);
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
}

/// Creates Stylus programs that name one another in their constructors, all in one transaction or none of them.
///
/// Where a program's address follows from its constructor's arguments, two programs cannot name each other. Here the
/// addresses follow from this contract and a number alone, and this contract's own address follows from the plan. So
/// every address commits to the code and to the arguments of all programs, nobody needs a temporary power to connect
/// them afterwards, and anybody may send the transaction: it can do nothing but what was planned.
///
/// The Founder keeps no storage, has no owner, and does nothing a second time.
contract Founder {
    /// A program and its constructor.
    struct Part {
        /// Creation code. It leaves a Stylus program behind.
        bytes initCode;
        /// Calldata of the constructor, with zeros where the address of a program of the plan belongs.
        bytes constructorCall;
        /// Where these are: the offset of a 32-byte word in `constructorCall`, times 256, plus the number of the
        /// program in the plan, from 0.
        uint256[] references;
    }

    /// All programs stand, at these addresses. `sender` paid for it and has no power over them.
    event Founded(address indexed sender, address[] programs);

    /// The calldata is not what this Founder was made for.
    error OtherPlan();
    /// The plan was carried out before.
    error AlreadyFounded();
    /// The creation code of a program failed.
    error CreationFailed(uint256 part);
    /// A reference does not lie in the constructor's calldata, or names no program.
    error BadReference(uint256 part, uint256 number);
    /// The constructor of a program reverted, with this data.
    error ConstructorFailed(uint256 part, bytes reason);
    /// The sender did not take the rest of its ether back.
    error RefundFailed();

    IArbWasm private constant ARB_WASM = IArbWasm(0x0000000000000000000000000000000000000071);

    /// Keccak-256 of the calldata, selector included, that `found` takes.
    bytes32 public immutable plan;

    constructor(bytes32 plan_) {
        plan = plan_;
    }

    /// Creates, activates and constructs every program of the plan, in its order, and gives back what is left of the
    /// ether sent along, which pays the data fee of each activation. At most 127 programs.
    function found(Part[] calldata parts) external payable returns (address[] memory programs) {
        if (keccak256(msg.data) != plan) revert OtherPlan();
        programs = new address[](parts.length);
        for (uint256 i = 0; i < parts.length; ++i) programs[i] = addressOf(i);
        if (parts.length != 0 && programs[0].code.length != 0) revert AlreadyFounded();

        for (uint256 i = 0; i < parts.length; ++i) {
            if (create(parts[i].initCode) != programs[i]) revert CreationFailed(i);
            activate(programs[i]);
            (bool success, bytes memory reason) = programs[i].call(constructorCall(i, parts[i], programs));
            if (!success) revert ConstructorFailed(i, reason);
        }
        emit Founded(msg.sender, programs);

        if (address(this).balance != 0) {
            (bool taken,) = msg.sender.call{value: address(this).balance}("");
            if (!taken) revert RefundFailed();
        }
    }

    /// Where a program of the plan stands or will stand: what CREATE gives for this contract's nonce `number` + 1.
    function addressOf(uint256 number) public view returns (address) {
        // RLP of an address and a nonce from 1 to 127.
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), uint8(number + 1))))));
    }

    function create(bytes memory initCode) private returns (address program) {
        assembly ("memory-safe") {
            program := create(0, add(initCode, 32), mload(initCode))
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

    /// The constructor's calldata, with addresses in place of references.
    function constructorCall(uint256 part, Part calldata from, address[] memory programs)
        private
        pure
        returns (bytes memory data)
    {
        data = from.constructorCall;
        for (uint256 i = 0; i < from.references.length; ++i) {
            uint256 offset = from.references[i] >> 8;
            uint256 number = from.references[i] & 0xff;
            if (data.length < 32 || offset > data.length - 32 || number >= programs.length) revert BadReference(part, i);
            address program = programs[number];
            assembly ("memory-safe") {
                mstore(add(add(data, 32), offset), program)
            }
        }
    }
}
