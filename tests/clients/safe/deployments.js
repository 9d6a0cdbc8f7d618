// The files of `consilium safe deployments`, read by Safe's own package of deployments and used by Safe's own client.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Kit from "@safe-global/protocol-kit";
import { getSafeSingletonDeployments } from "@safe-global/safe-deployments";
import { keccak256 } from "viem";
import { finish, step } from "../lib/step.js";
import { chain, contractNetworks, deploy, execute, faucet, fund, kitOf, mined, node, people, VERSION } from "./connect.js";
import { input } from "./input.js";
import { keep, tell } from "./outcome.js";

// What the package's own functions are made of.
const { findDeployment } = createRequire(import.meta.url)("@safe-global/safe-deployments/dist/utils.js");
const listed = JSON.parse(readFileSync(input.file, "utf8"));
const theirs = getSafeSingletonDeployments({ version: VERSION });
const network = String(chain.id);
const find = (filter) => findDeployment(filter, [listed], "multiple");

await step("a file has the members of the package's, of the same kinds", async () => {
  const own = ({ defaultAddress, ...deployment }) => deployment;
  assert.deepEqual(Object.keys(listed).sort(), Object.keys(own(theirs)).sort());
  for (const [member, value] of Object.entries(own(theirs))) assert.equal(typeof listed[member], typeof value, member);
  assert.deepEqual([listed.contractName, listed.version], [theirs.contractName, theirs.version]);
  const { address, codeHash } = listed.deployments.canonical;
  assert.equal(address, input.networks.safeSingletonAddress);
  assert.equal(codeHash, keccak256(await node.getCode({ address })));
  // The package's own functions and events, to the type.
  const key = ({ type, name, inputs, outputs, stateMutability }) =>
    JSON.stringify([type, name, inputs?.map((input) => [input.type, input.indexed ?? false]), outputs?.map((output) => output.type), stateMutability]);
  const without = (abi) => abi.filter(({ type }) => type !== "constructor").map(key).sort();
  assert.deepEqual(without(listed.abi), without(theirs.abi));
});

await step("the package finds it by network, version and release", async () => {
  assert.equal(find({ network }).networkAddresses[network], input.networks.safeSingletonAddress);
  assert.equal(find({ network, version: VERSION }).version, VERSION);
  assert.equal(find({ network, version: ">=1.4.0" }).version, VERSION);
  const other = VERSION === "1.4.1" ? "1.5.0" : "1.4.1";
  for (const filter of [{ network: "1" }, { network, version: other }, { network, released: false }]) assert.equal(find(filter), undefined);
});

await step("the client takes address and interface from it", async () => {
  await fund();
  const found = find({ network, version: VERSION });
  Object.assign(contractNetworks[network], { safeSingletonAddress: found.networkAddresses[network], safeSingletonAbi: found.abi });
  const safe = await deploy({ owners: [people[0].address], threshold: 1 }, "3");
  await mined(faucet.sendTransaction({ to: safe, value: 9n }));
  const kit = await kitOf(people[0].key, safe);
  const transaction = await kit.createTransaction({ transactions: [{ to: people[1].address, value: "9", data: "0x" }] });
  await execute("executed", kit, await kit.signTransaction(transaction));
  assert(kit instanceof Kit);
});

tell();
finish();
