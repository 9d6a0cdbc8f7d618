// Prints { "json": …, "sol": … }: the interface of the vault, which is Solidity, in the shape of the other files of abi/.
// The compiler is the one that tests/peers pins. Usage: node vault-abi.cjs
"use strict";
const fs = require("fs");
const path = require("path");

const root = path.join(__dirname, "../..");
const solc = require(require.resolve("solc", { paths: [path.join(root, "tests/peers")] }));

const source = "deploy/vault/Vault.sol";
const sources = { [source]: { content: fs.readFileSync(path.join(root, source), "utf8") } };
const settings = { outputSelection: { "*": { "*": ["abi", "devdoc", "userdoc"] } } };
const output = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings })));
const problems = (output.errors ?? []).filter(({ severity }) => severity === "error");
for (const problem of problems) process.stderr.write(problem.formattedMessage);
if (problems.length > 0) process.exit(1);
const { abi, devdoc, userdoc } = output.contracts[source].Vault;

// A parameter's type, as a source spells it: `struct Vault.Terms` is `Terms` here.
const structs = new Map();
const typeOf = ({ type, internalType, components }) => {
  if (!type.startsWith("tuple")) return type;
  const [, name, array] = internalType.match(/^struct Vault\.(\w+)(.*)$/);
  structs.set(name, components);
  return name + array;
};
const isReference = (type) => /^(string|bytes$)|\]$/.test(type) || structs.has(type);
const parameters = (list, place) => list.map((one) => {
  const type = typeOf(one);
  const words = [type, one.indexed ? "indexed" : "", place && isReference(type) ? place : "", one.name];
  return words.filter((word) => word !== "").join(" ");
}).join(", ");
const signature = ({ name, inputs }) => {
  const flat = ({ type, components }) =>
    type.startsWith("tuple") ? `(${components.map(flat).join(",")})${type.slice("tuple".length)}` : type;
  return `${name}(${inputs.map(flat).join(",")})`;
};
// In lines of at most 120 characters.
const documented = (text) => text.split(/\s+/).reduce((lines, word) => {
  const last = lines[lines.length - 1];
  if (`${last} ${word}`.length <= 120) lines[lines.length - 1] = `${last} ${word}`;
  else lines.push(`    /// ${word}`);
  return lines;
}, ["    ///"]).join("\n");
const notice = (found) => (Array.isArray(found) ? found[0] : found)?.notice;

const of = (type) => abi.filter((entry) => entry.type === type);
const item = (docs, line) => `${docs ? `${documented(docs)}\n` : ""}    ${line};\n`;
const events = of("event").map((e) =>
  item(notice(userdoc.events?.[signature(e)]), `event ${e.name}(${parameters(e.inputs, "")})`));
const errors = of("error").map((e) =>
  item(notice(userdoc.errors?.[signature(e)]), `error ${e.name}(${parameters(e.inputs, "")})`));
const functions = of("function").map((f) => {
  const mutability = f.stateMutability === "nonpayable" ? "" : ` ${f.stateMutability}`;
  const returns = f.outputs.length === 0 ? "" : ` returns (${parameters(f.outputs, "memory")})`;
  const docs = notice(userdoc.methods?.[signature(f)]) ?? devdoc.stateVariables?.[f.name]?.details;
  return item(docs, `function ${f.name}(${parameters(f.inputs, "calldata")}) external${mutability}${returns}`);
});
const declared = [...structs].map(([name, members]) =>
  `    struct ${name} {\n${members.map((one) => `        ${typeOf(one)} ${one.name};\n`).join("")}    }\n`);

const sol = `// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.4;

// Made by \`cargo xtask abi\` from ${source}: do not edit.

/// Holds a DAO's funds without Stylus: see ${source}.
interface IVault {
${[...declared, ...events, ...errors, ...functions].join("\n")}}
`;
process.stdout.write(JSON.stringify({ json: `${JSON.stringify({ abi, devdoc, userdoc }, null, 2)}\n`, sol }));
