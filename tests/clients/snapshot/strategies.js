// Snapshot's two ways to weigh voters by this token, by Snapshot's own library: `erc20-balance-of` batches balanceOf by its
// Multicaller, `erc20-votes` batches getVotes by its multicall, both at the block of the snapshot.
// https://github.com/snapshot-labs/snapshot-strategies
import assert from "node:assert/strict";
import { StaticJsonRpcProvider } from "@ethersproject/providers";
import snapshot from "@snapshot-labs/snapshot.js";
import { formatUnits } from "ethers";
import { advance } from "../lib/chain.js";
import { CHAIN_ID, HOLDINGS, TIMELOCK, TOKEN, TOKEN_ADDRESS } from "../lib/dao.js";
import { input } from "../lib/input.js";
import { COST, DEPLOYER, MULTICALL3, signedDeployment } from "../lib/multicall3.js";
import { finish, step } from "../lib/step.js";
import { faucet, fund, members, mined, node, token } from "../ethers/connect.js";

// Snapshot reads through ethers 5, with the chain's number given and not asked for.
const provider = new StaticJsonRpcProvider(input.http, CHAIN_ID);
// Its list of chains has no development chain: the network's name says which entry to use, the address of Multicall3 is given.
const NETWORK = "42161";
const [hospital, clinic, laboratory, patients, insurer] = members;
const stranger = "0x000000000000000000000000000000000000dEaD";
const voters = [...members.map(({ address }) => address), TIMELOCK, stranger];

const score = (amount) => parseFloat(formatUnits(amount, 18));
const scores = (amounts) => Object.fromEntries(voters.map((voter, place) => [voter, score(amounts[place] ?? 0n)]));

/** The scores by balance. */
async function byBalance(blockTag, limit = 500) {
  const abi = ["function balanceOf(address account) external view returns (uint256)"];
  const multi = new snapshot.utils.Multicaller(NETWORK, provider, abi, { blockTag, multicallAddress: MULTICALL3, limit });
  for (const voter of voters) multi.call(voter, TOKEN_ADDRESS, "balanceOf", [voter]);
  return Object.fromEntries(Object.entries(await multi.execute()).map(([voter, amount]) => [voter, score(amount.toBigInt())]));
}

/** The scores by votes. */
async function byVotes(blockTag) {
  const abi = ["function getVotes(address account) view returns (uint256)"];
  const calls = voters.map((voter) => [TOKEN_ADDRESS, "getVotes", [voter.toLowerCase()]]);
  const answers = await snapshot.utils.multicall(NETWORK, provider, abi, calls, { blockTag, multicallAddress: MULTICALL3 });
  return Object.fromEntries(answers.map(([amount], place) => [voters[place], score(amount.toBigInt())]));
}

const block = await step("three moments: nobody has delegated, three have, tokens have moved", async () => {
  await fund();
  await mined(faucet.sendTransaction({ to: DEPLOYER, value: COST }));
  await mined(node.broadcastTransaction(signedDeployment()));
  const numbers = [await node.getBlockNumber()];
  await mined(token.connect(hospital).delegate(hospital.address));
  await mined(token.connect(clinic).delegate(hospital.address));
  await mined(token.connect(insurer).delegate(stranger));
  numbers.push(await node.getBlockNumber());
  await advance(3_600n);
  await mined(token.connect(hospital).transfer(patients.address, 20_000n * TOKEN));
  await mined(token.connect(laboratory).transfer(insurer.address, 30_000n * TOKEN));
  numbers.push(await node.getBlockNumber());
  return numbers;
});

const treasury = 425_000n * TOKEN;
const moved = [
  HOLDINGS[0] - 20_000n * TOKEN, HOLDINGS[1], HOLDINGS[2] - 30_000n * TOKEN, HOLDINGS[3] + 20_000n * TOKEN, HOLDINGS[4] + 30_000n * TOKEN,
];

await step("erc20-balance-of gives each voter what it held at the snapshot", async () => {
  assert.deepEqual(await byBalance(block[0]), scores([...HOLDINGS, treasury]));
  assert.deepEqual(await byBalance(block[1]), scores([...HOLDINGS, treasury]));
  assert.deepEqual(await byBalance(block[2]), scores([...moved, treasury]));
  assert.deepEqual(await byBalance("latest"), scores([...moved, treasury]));
});

await step("it may be read in pages", async () => {
  assert.deepEqual(await byBalance(block[1], 2), await byBalance(block[1]));
});

await step("erc20-votes gives each voter the votes delegated to it at the snapshot", async () => {
  assert.deepEqual(await byVotes(block[0]), scores([]));
  const delegated = [HOLDINGS[0] + HOLDINGS[1], 0n, 0n, 0n, 0n, 0n, HOLDINGS[4]];
  assert.deepEqual(await byVotes(block[1]), scores(delegated));
  const later = [delegated[0] - 20_000n * TOKEN, 0n, 0n, 0n, 0n, 0n, HOLDINGS[4] + 30_000n * TOKEN];
  assert.deepEqual(await byVotes(block[2]), scores(later));
  assert.deepEqual(await byVotes("latest"), scores(later));
});

await step("the contract remembers the votes of the snapshot's time as they were", async () => {
  const { timestamp } = await node.getBlock(block[1]);
  for (const [voter, votes] of Object.entries(await byVotes(block[1]))) {
    assert.equal(score(await token.getPastVotes(voter, timestamp)), votes);
  }
});

await step("a read that cannot be answered fails as a whole", async () => {
  const abi = ["function getVotes(address account) view returns (uint256)"];
  const calls = [[TOKEN_ADDRESS, "getVotes", [stranger]], [TIMELOCK, "getVotes", [stranger]]];
  const failing = snapshot.utils.multicall(NETWORK, provider, abi, calls, { multicallAddress: MULTICALL3 });
  const error = await failing.then(() => assert.fail("it was answered"), (error) => error);
  assert.equal(error.reason, "Multicall3: call failed");
  const future = snapshot.utils.multicall(NETWORK, provider, abi, calls, { blockTag: 1_000_000, multicallAddress: MULTICALL3 });
  assert.match(String(await future.then(() => assert.fail("it was answered"), (error) => error)), /header not found/);
});

finish();
