// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;

/// Solidity's own decoder and encoder: each function encodes again what it was given. `tests/abi` compares, list by list,
/// with the decoder of `consilium-abi`; the names count its lists.
contract AbiTwin {
    function list0(uint8 a, uint48 b, uint128 c, uint256 d, int8 e, int40 f, int256 g)
        external
        pure
        returns (bytes memory)
    {
        return abi.encode(a, b, c, d, e, f, g);
    }

    function list1(address a, bool b, bytes1 c, bytes4 d, bytes31 e, bytes32 f) external pure returns (bytes memory) {
        return abi.encode(a, b, c, d, e, f);
    }

    function list2(bytes memory a) external pure returns (bytes memory) {
        return abi.encode(a);
    }

    function list3(string memory a, uint8 b, bytes memory c) external pure returns (bytes memory) {
        return abi.encode(a, b, c);
    }

    function list4(address[] memory a, uint256[] memory b, bytes[] memory c, bytes32 d)
        external
        pure
        returns (bytes memory)
    {
        return abi.encode(a, b, c, d);
    }

    function list5(uint48[] memory a, bool[] memory b, bytes4[] memory c) external pure returns (bytes memory) {
        return abi.encode(a, b, c);
    }

    function list6(uint256[3] memory a, string[2] memory b, uint8[2][] memory c) external pure returns (bytes memory) {
        return abi.encode(a, b, c);
    }

    function list7(uint256[][] memory a, bytes[][2] memory b) external pure returns (bytes memory) {
        return abi.encode(a, b);
    }

    function list8(
        address a,
        uint256 b,
        bytes memory c,
        uint8 d,
        uint256 e,
        uint256 f,
        uint256 g,
        address h,
        address i,
        bytes memory j
    ) external pure returns (bytes memory) {
        return abi.encode(a, b, c, d, e, f, g, h, i, j);
    }

    function list9(int8[][3][] memory a, bool b) external pure returns (bytes memory) {
        return abi.encode(a, b);
    }

    function list10(bytes[1][1][] memory a, address[2][2] memory b) external pure returns (bytes memory) {
        return abi.encode(a, b);
    }

    function list11(uint256 a) external pure returns (bytes memory) {
        return abi.encode(a);
    }
}
