// Compiles every .sol file in the folders named, with the compiler that tests/peers pins. Warnings count as errors: an
// interface that a Solidity developer imports must be silent. Usage: node check-solidity.cjs FOLDER...
"use strict";
const fs = require("fs");
const path = require("path");

const root = path.join(__dirname, "../..");
const peers = path.join(root, "tests/peers");
const solc = require(require.resolve("solc", { paths: [peers] }));

const names = process.argv.slice(2).flatMap((folder) => {
  const place = path.join(root, folder);
  if (!fs.existsSync(place)) return [];
  const found = fs.readdirSync(place, { recursive: true }).filter((name) => name.endsWith(".sol"));
  return found.map((name) => path.posix.join(folder, name.split(path.sep).join("/"))).sort();
});
if (names.length === 0) {
  console.error(`there is no Solidity in ${process.argv.slice(2).join(", ")}`);
  process.exit(1);
}

const read = (place) => fs.readFileSync(place, "utf8");
const sources = Object.fromEntries(names.map((name) => [name, { content: read(path.join(root, name)) }]));
const settings = { outputSelection: { "*": { "*": ["abi"] } } };
const findImport = (name) => {
  const found = [path.join(root, name), path.join(peers, "node_modules", name)].find(fs.existsSync);
  return found ? { contents: read(found) } : { error: `${name} is neither in the repository nor among the packages` };
};
const output = JSON.parse(
  solc.compile(JSON.stringify({ language: "Solidity", sources, settings }), { import: findImport }),
);
// What is imported from packages is not ours to mend, unless it fails.
const problems = (output.errors ?? []).filter(
  ({ severity, sourceLocation }) => severity === "error" || names.includes(sourceLocation?.file),
);
for (const problem of problems) process.stderr.write(problem.formattedMessage);
if (problems.length > 0) process.exit(1);
console.log(`${names.length} files compile with solc ${solc.version()}`);
