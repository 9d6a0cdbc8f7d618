// Compiles Solidity interfaces and prints the name of each; fails on any error or warning. Usage: node compile.js <file>…
"use strict";
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");
const solc = createRequire(path.join(__dirname, "../peers/package.json"))("solc");

const sources = Object.fromEntries(
  process.argv.slice(2).map((file) => [path.basename(file), { content: fs.readFileSync(file, "utf8") }]),
);
const settings = { outputSelection: { "*": { "*": ["abi"] } } };
const output = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings })));
const problems = output.errors ?? [];
for (const problem of problems) process.stderr.write(problem.formattedMessage);
if (problems.length > 0) process.exit(1);
for (const contracts of Object.values(output.contracts)) console.log(Object.keys(contracts).join(" "));
