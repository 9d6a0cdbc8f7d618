// Compiles src/*.sol, the peers in tests/*/solidity, examples/solidity/*.sol, deploy/founder/*.sol and deploy/vault/*.sol
// to <out>/<Contract>.json with { abi, bytecode, deployedBytes }. What packages bring compiled, as it is deployed everywhere, is taken as it comes.
// Usage: node compile.js [out]
// It does nothing where the sources, the settings and the compiler are those of the last run.
"use strict";
const crypto = require("crypto");
const fs = require("fs");
const path = require("path");
const solc = require("solc");

const here = __dirname;
const root = path.join(here, "../..");
const out = path.resolve(process.argv[2] ?? path.join(root, "target/peers"));

// What OpenZeppelin's users deploy: the optimizer on. The governor with all its extensions fits under EIP-170's
// limit only by the IR pipeline, so all peers are compiled by it: it is the cheaper code as well.
const settings = {
  viaIR: true,
  optimizer: { enabled: true, runs: 200 },
  evmVersion: "cancun",
  metadata: { bytecodeHash: "none" },
  outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
};

const read = (file) => fs.readFileSync(file, "utf8");
const solidity = (folder) => fs.readdirSync(path.join(root, folder)).filter((name) => name.endsWith(".sol")).sort();
// The folders of tests that bring Solidity contracts of their own: a contract's peer is there.
const withPeers = fs.readdirSync(path.join(root, "tests")).map((name) => `tests/${name}/solidity`)
  .filter((folder) => fs.existsSync(path.join(root, folder))).sort();
// Peers by their names, the others by their paths: examples import what is in abi/.
const byPath = (folder) => solidity(folder).map((name) => [`${folder}/${name}`, path.join(root, folder, name)]);
const files = [
  ...["tests/peers/src", ...withPeers].flatMap((folder) =>
    solidity(folder).map((name) => [name, path.join(root, folder, name)])),
  ...byPath("examples/solidity"),
  ...byPath("deploy/founder"),
  ...byPath("deploy/vault"),
];
const names = files.map(([name]) => name);
const sources = Object.fromEntries(files.map(([name, file]) => [name, { content: read(file) }]));
const lock = read(path.join(here, "package-lock.json"));

const interfaces = solidity("abi").map((name) => read(path.join(root, "abi", name)));

const inputs = JSON.stringify([solc.version(), settings, sources, interfaces, lock, read(__filename)]);
const digest = crypto.createHash("sha256").update(inputs).digest("hex");
const stamp = path.join(out, ".digest");
if (fs.existsSync(stamp) && read(stamp) === digest) process.exit(0);

const findImport = (file) => {
  const found = [path.join(here, "node_modules", file), path.join(root, file)].find(fs.existsSync);
  return found ? { contents: read(found) } : { error: `${file} is neither among the installed packages nor in the repository` };
};
const output = JSON.parse(
  solc.compile(JSON.stringify({ language: "Solidity", sources, settings }), { import: findImport }),
);

// Warnings in OpenZeppelin's sources are not ours to mend; every error counts.
const ours = ({ sourceLocation }) => names.includes(sourceLocation?.file);
const problems = (output.errors ?? []).filter((problem) => problem.severity === "error" || ours(problem));
for (const problem of problems) process.stderr.write(problem.formattedMessage);
if (problems.some((problem) => problem.severity === "error")) process.exit(1);

// A reader in another process must never see half a file: write beside, then rename.
const write = (file, text) => {
  fs.writeFileSync(`${file}.${process.pid}`, text);
  fs.renameSync(`${file}.${process.pid}`, file);
};
fs.mkdirSync(out, { recursive: true });
const written = new Set();
const keep = (contract, abi, code, deployed) => {
  if (code === "") return; // an abstract contract or an interface
  if (written.has(contract)) throw new Error(`two contracts are called ${contract}`);
  written.add(contract);
  const deployedBytes = deployed.length / 2;
  write(path.join(out, `${contract}.json`), JSON.stringify({ abi, bytecode: `0x${code}`, deployedBytes }));
};
for (const name of names) {
  for (const [contract, { abi, evm }] of Object.entries(output.contracts[name])) {
    keep(contract, abi, evm.bytecode.object, evm.deployedBytecode.object);
  }
}
// Hardhat's artifacts of a package. Contracts of a second package with the same names get its version behind them.
const version = { "@safe-global/safe-smart-account": "150" };
const hex = (code) => code.replace(/^0x/, "");
for (const dependency of Object.keys(require("./package.json").dependencies)) {
  const artifacts = path.join(here, "node_modules", dependency, "build/artifacts/contracts");
  if (!fs.existsSync(artifacts)) continue;
  for (const file of fs.readdirSync(artifacts, { recursive: true }).filter((file) => /(?<!\.dbg)\.json$/.test(file))) {
    const { contractName, abi, bytecode, deployedBytecode } = JSON.parse(read(path.join(artifacts, file)));
    keep(contractName + (version[dependency] ?? ""), abi, hex(bytecode), hex(deployedBytecode));
  }
}
write(stamp, digest);
