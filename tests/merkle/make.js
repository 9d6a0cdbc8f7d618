// Writes vectors.json, members.json and pointers.json, which tests read: `npm ci && npm run make`. The same on every run.
"use strict";
const fs = require("fs");
const path = require("path");
const { StandardMerkleTree } = require("@openzeppelin/merkle-tree");

const address = (number) => `0x${number.toString(16).padStart(40, "0")}`;
// Which leaves a multiproof is of: some patterns, as bits.
const patterns = [0b1, 0b11, 0b101, 0b1110, 0b110100, 0b11111111, 0b1010101010];

const vectors = [1, 2, 3, 5, 8, 13].map((size) => {
  const values = Array.from({ length: size }, (_, i) => [address(i * 7919 + 1), String(10n ** 18n * BigInt(i + 1))]);
  const tree = StandardMerkleTree.of(values, ["address", "uint256"]);
  const proofs = values.map((_, i) => tree.getProof(i));
  const subsets = [...new Set(patterns.map((bits) => bits % 2 ** size))].filter((bits) => bits !== 0);
  const multiproofs = subsets.map((bits) => {
    const { leaves, proof, proofFlags } = tree.getMultiProof([...values.keys()].filter((i) => (bits >> i) & 1));
    return { leaves: leaves.map((leaf) => tree.leafHash(leaf)), proof, proofFlags };
  });
  return { root: tree.root, values, leaves: values.map((value) => tree.leafHash(value)), proofs, multiproofs };
});
fs.writeFileSync(path.join(__dirname, "vectors.json"), JSON.stringify(vectors, null, 1) + "\n");

// Lists of members as an organisation publishes them: who, and until when.
const lists = [1, 2, 3, 5, 8, 13].map((size) => {
  const values = Array.from({ length: size }, (_, i) => [address(i * 7919 + 1), String(2 ** 40 - 1 - i)]);
  const tree = StandardMerkleTree.of(values, ["address", "uint48"]);
  const members = values.map(([member, until], i) => ({ member, until: Number(until), proof: tree.getProof(i) }));
  return { root: tree.root, members };
});
fs.writeFileSync(path.join(__dirname, "members.json"), JSON.stringify(lists, null, 1) + "\n");

// Pointers to health data as a custodian publishes them: all members of a pointer, in the contract's order.
const types = [
  ...["address", "address", "uint8", "uint32", "uint64", "bytes32", "uint8", "uint64", "bytes32", "uint16"],
  ...["bytes32", "bytes32"],
];
const word = (number) => `0x${number.toString(16).padStart(64, "0")}`;
const hashCodes = [0x12, 0x1e, 0x1b, 0xb220];
const codecs = [0x55, 0x70, 0x71];
const trees = [1, 2, 3, 5, 8, 13].map((size) => {
  const values = Array.from({ length: size }, (_, i) => {
    const kind = (i % 4) + 1;
    const codec = kind < 3 ? codecs[i % 3] : 0;
    const locator = kind === 1 ? word(0) : word(i + 1);
    return [
      ...[address(i * 7919 + 1), address(0xc0de), i % 256, i + 1, hashCodes[i % 4], word(2n ** 255n + BigInt(i))],
      ...[kind, codec, locator, 65535 - i, word(2n ** 200n * BigInt(i + 1)), i % 2 ? word(7) : word(0)],
    ];
  });
  const tree = StandardMerkleTree.of(values, types);
  const pointers = values.map((value, i) => ({ value, id: tree.leafHash(value), proof: tree.getProof(i) }));
  return { root: tree.root, pointers };
});
fs.writeFileSync(path.join(__dirname, "pointers.json"), JSON.stringify(trees, null, 1) + "\n");
