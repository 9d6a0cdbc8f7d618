// How clients follow a chain, through viem: subscriptions over WebSocket, filters that the node keeps, and polls.
import assert from "node:assert/strict";
import { createPublicClient, http, InvalidInputRpcError, webSocket } from "viem";
import { governorAbi, tokenAbi } from "../lib/abi.js";
import { advance } from "../lib/chain.js";
import { GOVERNOR, HOLDINGS, TIMELOCK, TOKEN_ADDRESS, Vote, VOTING_DELAY } from "../lib/dao.js";
import { finish, step } from "../lib/step.js";
import { chain, delegateAll, fund, governorOf, members, mined, node, only, tokenOf } from "./connect.js";
import { failure } from "./refused.js";

const [hospital, clinic, laboratory] = members;
const addressOf = (wallet) => wallet.account.address;
const socket = createPublicClient({ chain, transport: webSocket() });

/** Starts a watch and gives what it reports, in order. */
function queue(watch) {
  const [ready, waiting] = [[], []];
  const push = (item) => (waiting.length > 0 ? waiting.shift()(item) : ready.push(item));
  const stop = watch({ each: push, failed: (error) => push(Promise.reject(error)) });
  return { stop, next: () => (ready.length > 0 ? Promise.resolve(ready.shift()) : new Promise((take) => waiting.push(take))) };
}

/** The events of a contract, by whichever client. */
const events = (client, options) =>
  queue(({ each, failed }) => client.watchContractEvent({ ...options, onLogs: (logs) => logs.forEach(each), onError: failed }));

const id = await step("a proposal is open", async () => {
  await fund();
  await delegateAll();
  const receipt = await mined(governorOf(hospital).write.propose([[TIMELOCK], [0n], ["0x"], "watched"]));
  await advance(VOTING_DELAY + 1n);
  return only(receipt, governorAbi, "ProposalCreated").proposalId;
});

await step("a subscription reports the votes of one voter alone, as they are cast", async () => {
  const subject = { address: GOVERNOR, abi: governorAbi, eventName: "VoteCast", args: { voter: addressOf(clinic) } };
  const votes = events(socket, subject);
  const blocks = queue(({ each, failed }) => socket.watchBlockNumber({ onBlockNumber: each, onError: failed, emitMissed: true }));
  // Both subscriptions are in force once the node has answered a request that came after them.
  const head = await socket.getBlockNumber({ cacheTime: 0 });

  const other = await mined(governorOf(hospital).write.castVote([id, Vote.For]));
  const watched = await mined(governorOf(clinic).write.castVoteWithReason([id, Vote.Against, "seen"]));
  const { args, transactionHash, blockNumber } = await votes.next();
  assert.deepEqual(args, { voter: addressOf(clinic), proposalId: id, support: Vote.Against, weight: HOLDINGS[1], reason: "seen" });
  assert.equal(transactionHash, watched.transactionHash);
  assert.equal(blockNumber, watched.blockNumber);

  const seen = [];
  while (seen.at(-1) !== watched.blockNumber) seen.push(await blocks.next());
  const since = seen.filter((number) => number > head);
  assert.deepEqual(since, Array.from({ length: Number(watched.blockNumber - head) }, (_, place) => head + 1n + BigInt(place)));
  assert(since.includes(other.blockNumber));
  votes.stop();
  blocks.stop();
});

await step("filters that the node keeps select by indexed topics, one or any of several", async () => {
  const options = { address: TOKEN_ADDRESS, abi: tokenAbi, eventName: "Transfer" };
  const { blockNumber: fromBlock } = await mined(tokenOf(hospital).write.transfer([addressOf(clinic), 1n]));
  const one = await node.createContractEventFilter({ ...options, args: { to: addressOf(clinic) }, fromBlock });
  const any = await node.createContractEventFilter({ ...options, args: { from: [addressOf(clinic), addressOf(laboratory)] } });
  await mined(tokenOf(laboratory).write.transfer([addressOf(clinic), 2n]));
  await mined(tokenOf(clinic).write.transfer([addressOf(hospital), 3n]));

  const values = (logs) => logs.map(({ args }) => args.value);
  assert.deepEqual(values(await node.getFilterLogs({ filter: one })), [1n, 2n]);
  assert.deepEqual(values(await node.getFilterChanges({ filter: any })), [2n, 3n]);
  assert.deepEqual(await node.getFilterChanges({ filter: any }), []);
  assert.equal(await node.uninstallFilter({ filter: any }), true);
  const gone = await failure(node.getFilterChanges({ filter: any }));
  assert(gone.walk((cause) => cause instanceof InvalidInputRpcError), gone.message);
});

await step("a client without a socket polls", async () => {
  // It begins by having the node make a filter, and is told of what comes after that: so the first answer is waited for.
  let answered;
  const first = new Promise((resolve) => { answered = resolve; });
  const client = createPublicClient({ chain, transport: http(undefined, { onFetchResponse: () => answered() }), pollingInterval: 5 });
  const votes = events(client, { address: GOVERNOR, abi: governorAbi, eventName: "VoteCast" });
  await first;
  await mined(governorOf(laboratory).write.castVote([id, Vote.Abstain]));
  const { args } = await votes.next();
  assert.deepEqual([args.voter, args.support], [addressOf(laboratory), Vote.Abstain]);
  votes.stop();
});

await step("logs are read by ranges, and a range that is upside down is refused", async () => {
  const options = { address: TOKEN_ADDRESS, abi: tokenAbi, eventName: "Transfer" };
  const all = await node.getContractEvents({ ...options, fromBlock: 0n });
  const half = all[Math.floor(all.length / 2)].blockNumber;
  const early = await node.getContractEvents({ ...options, fromBlock: 0n, toBlock: half });
  const late = await node.getContractEvents({ ...options, fromBlock: half + 1n, toBlock: "latest" });
  assert.deepEqual([...early, ...late], all);
  const { blockHash } = all.at(-1);
  assert.deepEqual(await node.getContractEvents({ ...options, blockHash }), all.filter((log) => log.blockHash === blockHash));
  await failure(node.getContractEvents({ ...options, fromBlock: half, toBlock: half - 1n }));
});

finish();
