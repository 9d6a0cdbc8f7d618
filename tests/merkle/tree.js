// Prints the root and each leaf's proof of a list, as `consilium registry batch` and `consilium revenue epoch build` write
// it, as JSON Lines: `node tree.js FILE`, and then the types of its members if they are not a pointer's.
"use strict";
const fs = require("fs");
const { StandardMerkleTree } = require("@openzeppelin/merkle-tree");

const pointer = [
  ...["address", "address", "uint8", "uint32", "uint64", "bytes32", "uint8", "uint64", "bytes32", "uint16"],
  ...["bytes32", "bytes32"],
];
const types = process.argv[3] ? process.argv[3].split(",") : pointer;
const lines = fs.readFileSync(process.argv[2], "utf8").trimEnd().split("\n");
const values = lines.map((line) => JSON.parse(line));
const tree = StandardMerkleTree.of(values, types);
console.log(JSON.stringify(tree.root));
values.forEach((value, i) => console.log(JSON.stringify({ id: tree.leafHash(value), proof: tree.getProof(i) })));
