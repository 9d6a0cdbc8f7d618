// Many reads in one, at a past block, through viem and Multicall3 at its usual address.
import assert from "node:assert/strict";
import { createPublicClient, getContract, http, multicall3Abi } from "viem";
import { governorAbi, tokenAbi } from "../lib/abi.js";
import { advance } from "../lib/chain.js";
import { GOVERNOR, HOLDINGS, TIMELOCK, TOKEN, TOKEN_ADDRESS } from "../lib/dao.js";
import { COST, DEPLOYER, MULTICALL3, signedDeployment } from "../lib/multicall3.js";
import { finish, step } from "../lib/step.js";
import { chain, delegateAll, faucet, fund, members, mined, node, token, tokenOf } from "./connect.js";

const [hospital, clinic] = members;
const addresses = members.map(({ account }) => account.address);
const read = (functionName, ...args) => ({ address: TOKEN_ADDRESS, abi: tokenAbi, functionName, args });

await step("Multicall3 gets where it is everywhere, by its presigned transaction", async () => {
  await fund();
  await mined(faucet.sendTransaction({ to: DEPLOYER, value: COST }));
  const receipt = await mined(node.sendRawTransaction({ serializedTransaction: signedDeployment() }));
  assert.equal(receipt.contractAddress.toLowerCase(), MULTICALL3.toLowerCase());
});

const before = await step("votes and balances change over blocks", async () => {
  await delegateAll();
  const block = await node.getBlock();
  await advance(10n);
  await mined(tokenOf(hospital).write.transfer([clinic.account.address, 50_000n * TOKEN]));
  return block;
});

await step("one call reads all balances and votes, now and at a past block", async () => {
  const contracts = addresses.flatMap((address) => [read("balanceOf", address), read("getVotes", address)]);
  const [then, now] = await Promise.all([
    node.multicall({ contracts, allowFailure: false, blockNumber: before.number }),
    node.multicall({ contracts, allowFailure: false }),
  ]);
  assert.deepEqual(then, HOLDINGS.flatMap((amount) => [amount, amount]));
  const moved = [HOLDINGS[0] - 50_000n * TOKEN, HOLDINGS[1] + 50_000n * TOKEN, ...HOLDINGS.slice(2)];
  assert.deepEqual(now, moved.flatMap((amount) => [amount, amount]));
  // What the contract remembers of that time is what it said then.
  const past = await node.multicall({ contracts: addresses.map((address) => read("getPastVotes", address, before.timestamp)), allowFailure: false });
  assert.deepEqual(past, HOLDINGS);
});

await step("a call that fails is told apart, and its error decoded", async () => {
  const { timestamp } = await node.getBlock();
  const contracts = [
    read("getPastVotes", addresses[0], timestamp + 1_000n),
    { address: GOVERNOR, abi: governorAbi, functionName: "state", args: [1n] },
    { address: TIMELOCK, abi: tokenAbi, functionName: "getVotes", args: [addresses[0]] },
    read("totalSupply"),
  ];
  const [future, unknown, absent, supply] = await node.multicall({ contracts });
  const [first, second] = [future, unknown].map(({ error }) => error.cause.data);
  assert.equal(first.errorName, "ERC5805FutureLookup");
  assert.deepEqual([second.errorName, second.args], ["GovernorNonexistentProposal", [1n]]);
  assert.equal(absent.status, "failure");
  assert.deepEqual([supply.status, supply.result], ["success", 1_000_000n * TOKEN]);
});

await step("a client may join reads by itself, and need no contract for it", async () => {
  let requests = 0;
  const transport = http(undefined, { onFetchRequest: () => { requests += 1; } });
  const batching = createPublicClient({ chain, transport, batch: { multicall: { wait: 5 } } });
  const joined = getContract({ address: TOKEN_ADDRESS, abi: tokenAbi, client: batching });
  const votes = await Promise.all(addresses.map((address) => joined.read.getVotes([address])));
  assert.equal(requests, 1);
  assert.deepEqual(votes, await Promise.all(addresses.map((address) => token.read.getVotes([address]))));

  const contracts = addresses.map((address) => read("getVotes", address));
  assert.deepEqual(await node.multicall({ contracts, allowFailure: false, deployless: true }), votes);
});

await step("requests may come in one JSON-RPC batch instead", async () => {
  const batching = createPublicClient({ chain, transport: http(undefined, { batch: true }) });
  const joined = getContract({ address: TOKEN_ADDRESS, abi: tokenAbi, client: batching });
  const answers = await Promise.all([...addresses.map((address) => joined.read.balanceOf([address])), batching.getChainId(), batching.getBlockNumber()]);
  assert.equal(answers.at(-2), chain.id);
  assert.equal(answers[2], HOLDINGS[2]);
});

await step("Multicall3 itself reads the chain it runs on", async () => {
  const multicall = getContract({ address: MULTICALL3, abi: multicall3Abi, client: node });
  assert.equal(await multicall.read.getCurrentBlockTimestamp(), (await node.getBlock()).timestamp);
});

finish();
