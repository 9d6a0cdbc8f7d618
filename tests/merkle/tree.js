// Prints the root and each leaf's proof of a list of pointers, as `consilium registry batch` writes it, as JSON Lines:
// `node tree.js FILE`.
"use strict";
const fs = require("fs");
const { StandardMerkleTree } = require("@openzeppelin/merkle-tree");

const types = [
  ...["address", "address", "uint8", "uint32", "uint64", "bytes32", "uint8", "uint64", "bytes32", "uint16"],
  ...["bytes32", "bytes32"],
];
const lines = fs.readFileSync(process.argv[2], "utf8").trimEnd().split("\n");
const values = lines.map((line) => JSON.parse(line));
const tree = StandardMerkleTree.of(values, types);
console.log(JSON.stringify(tree.root));
values.forEach((value, i) => console.log(JSON.stringify({ id: tree.leafHash(value), proof: tree.getProof(i) })));
