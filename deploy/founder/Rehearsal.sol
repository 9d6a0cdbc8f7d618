// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// What the rehearsal asks of Nitro's precompile at 0x71.
interface IArbWasm {
    function stylusVersion() external view returns (uint16 version);
    function codehashVersion(bytes32 codehash) external view returns (uint16 version);
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
}

/// Does in one call what a deployment does in several transactions: activates the programs behind proxies, then founds.
///
/// It stands on no chain. Before `consilium deploy` sends anything, it asks a node what this would do, with this code at
/// an address that nobody has. So a node executes every constructor of a founding whose programs are not active yet.
contract Rehearsal {
    IArbWasm private constant ARB_WASM = IArbWasm(0x0000000000000000000000000000000000000071);

    /// Activates those of `programs` that are not active, and calls `founder` with `founding`, `fee` in wei and at most `gasLimit` gas, which may be more
    /// than a transaction can have. Reverts with what the founding reverts with. Answers the gas that the founding used.
    function rehearse(
        address[] calldata programs,
        address founder,
        bytes calldata founding,
        uint256 fee,
        uint256 gasLimit
    ) external payable returns (uint256 gasUsed) {
        for (uint256 i = 0; i < programs.length; ++i) activate(programs[i]);
        uint256 before = gasleft();
        (bool success, bytes memory reason) = founder.call{value: fee, gas: gasLimit}(founding);
        gasUsed = before - gasleft();
        if (!success) {
            assembly ("memory-safe") {
                revert(add(reason, 32), mload(reason))
            }
        }
    }

    /// As the Founder does it: a program that somebody else has activated meanwhile is left as it is.
    function activate(address program) private {
        try ARB_WASM.codehashVersion(program.codehash) returns (uint16 version) {
            if (version == ARB_WASM.stylusVersion()) return;
        } catch {}
        ARB_WASM.activateProgram{value: address(this).balance}(program);
    }

    /// What the Founder gives back.
    receive() external payable {}
}
