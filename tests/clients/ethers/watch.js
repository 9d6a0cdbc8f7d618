// How clients follow a chain, through ethers: listeners over WebSocket and by polling.
import assert from "node:assert/strict";
import { WebSocketProvider } from "ethers";
import { advance } from "../lib/chain.js";
import { HOLDINGS, TIMELOCK, Vote, VOTING_DELAY } from "../lib/dao.js";
import { input } from "../lib/input.js";
import { finish, step } from "../lib/step.js";
import { delegateAll, fund, governor, members, mined, node, only, token } from "./connect.js";

const [hospital, clinic, laboratory] = members;
const socket = new WebSocketProvider(input.ws);

// A subscription is in force once the node has answered what was asked after it. Not by `getBlockNumber`: ethers answers
// that itself for a quarter of a second.
const inForce = () => socket.send("eth_blockNumber", []);

const id = await step("a proposal is open", async () => {
  await fund();
  await delegateAll();
  const receipt = await mined(governor.connect(hospital).propose([TIMELOCK], [0n], ["0x"], "watched"));
  await advance(VOTING_DELAY + 1n);
  return only(receipt, governor, "ProposalCreated").proposalId;
});

await step("a subscription hears the votes of one voter alone", async () => {
  const watching = governor.connect(socket);
  let hear;
  const vote = new Promise((resolve) => { hear = resolve; });
  await watching.once(watching.filters.VoteCast(clinic.address), (...heard) => hear(heard));
  await inForce();

  await mined(governor.connect(hospital).castVote(id, Vote.For));
  const cast = await mined(governor.connect(clinic).castVoteWithReason(id, Vote.Against, "heard"));
  const [payload] = (await vote).slice(-1);
  assert.deepEqual(payload.args.toArray(), [clinic.address, id, BigInt(Vote.Against), HOLDINGS[1], "heard"]);
  assert.equal(payload.log.transactionHash, cast.hash);
});

await step("new blocks come over the socket, each once and in order", async () => {
  const blocks = [];
  const first = Number(await inForce());
  let done;
  const enough = new Promise((resolve) => { done = resolve; });
  await socket.on("block", (number) => { if (blocks.push(number) === 3) done(); });
  await inForce();
  for (let count = 0; count < 3; count += 1) await mined(token.connect(hospital).transfer(clinic.address, 1n));
  await enough;
  assert.deepEqual(blocks, [first + 1, first + 2, first + 3]);
  await socket.off("block");
});

await step("a listener without a socket polls", async () => {
  const heard = [];
  let hear = () => {};
  const filter = token.filters.Transfer(laboratory.address);
  await token.on(filter, ({ args }) => { heard.push(args.value); hear(args.value); });
  let sent = 0n;
  const send = async () => {
    sent += 1n;
    await mined(token.connect(hospital).transfer(clinic.address, sent));
    await mined(token.connect(laboratory).transfer(clinic.address, sent));
  };
  // Polling begins some time after `on`: the first transfer that is heard tells that it has. From then on none is missed.
  while (heard.length === 0) await send();
  const last = sent + 2n;
  const enough = new Promise((resolve) => { hear = (value) => { if (value === last) resolve(); }; });
  await send();
  await send();
  await enough;
  assert.deepEqual(heard, heard.map((_, place) => heard[0] + BigInt(place)));
  await token.off(filter);
});

await socket.destroy();
finish();
