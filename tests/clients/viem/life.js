// What Tally does with a DAO, through viem: shows its settings, lets people delegate, propose, vote, queue and execute, and
// follows all of it by events. https://docs.tally.xyz, "Smart contract compatibility".
import assert from "node:assert/strict";
import { encodeFunctionData, encodePacked, getAddress, keccak256, parseEther, stringToHex, toFunctionSelector, toHex, zeroAddress } from "viem";
import { governorAbi, plainGovernorAbi, timelockAbi, tokenAbi } from "../lib/abi.js";
import { advance } from "../lib/chain.js";
import { GOVERNOR, HOLDINGS, MIN_DELAY, State, SUPPLY, TIMELOCK, TOKEN, TOKEN_ADDRESS, Vote, VOTING_DELAY, VOTING_PERIOD } from "../lib/dao.js";
import { finish, step } from "../lib/step.js";
import { delegateAll, faucet, fund, governor, governorOf, guardian, members, mined, node, only, timelock, token, tokenOf } from "./connect.js";

const [hospital, clinic, laboratory, patients, insurer] = members;
const addressOf = (wallet) => wallet.account.address;

await step("the DAO's page shows its settings", async () => {
  await fund();
  const read = (name, args) => governor.read[name](args);
  assert.equal(await read("name"), "Consilium Governor");
  assert.equal(await read("version"), "1");
  assert.equal(await read("COUNTING_MODE"), "support=bravo,fractional&quorum=for,abstain&params=fractional");
  assert.equal(await read("CLOCK_MODE"), "mode=timestamp");
  assert.equal(await read("token"), TOKEN_ADDRESS);
  assert.equal(await read("timelock"), TIMELOCK);
  assert.equal(await read("votingDelay"), VOTING_DELAY);
  assert.equal(await read("votingPeriod"), VOTING_PERIOD);
  assert.equal(await read("proposalThreshold"), 1_000n * TOKEN);
  assert.equal(await read("quorumNumerator"), 4n);
  assert.equal(await read("quorumDenominator"), 100n);
  const { timestamp } = await node.getBlock();
  assert.equal(BigInt(await read("clock")), timestamp);
  assert.equal(await read("quorum", [timestamp - 1n]), (SUPPLY * 4n) / 100n);
  assert.equal(await read("proposalGuardian"), addressOf(guardian));
});

await step("the token is an ERC-20 with votes", async () => {
  assert.equal(await token.read.name(), "Consilium Health Vote");
  assert.equal(await token.read.symbol(), "CHV");
  assert.equal(await token.read.decimals(), 18);
  assert.equal(await token.read.totalSupply(), SUPPLY);
  assert.equal(await token.read.CLOCK_MODE(), "mode=timestamp");
  for (const [member, holding] of HOLDINGS.entries()) {
    assert.equal(await token.read.balanceOf([addressOf(members[member])]), holding);
  }
});

await step("the timelock obeys the governor", async () => {
  assert.equal(await timelock.read.getMinDelay(), MIN_DELAY);
  for (const role of ["PROPOSER_ROLE", "CANCELLER_ROLE"]) {
    assert(await timelock.read.hasRole([await timelock.read[role](), GOVERNOR]), role);
  }
});

await step("ERC-165 says that it is a governor", async () => {
  // The identifier of an interface: the selectors of its own functions, without those of ERC-165 and ERC-6372, xored.
  const inherited = ["supportsInterface", "clock", "CLOCK_MODE"];
  const own = plainGovernorAbi.filter((item) => item.type === "function" && !inherited.includes(item.name));
  const id = own.reduce((sum, item) => sum ^ BigInt(toFunctionSelector(item)), 0n);
  assert(await governor.read.supportsInterface([toHex(id, { size: 4 })]));
  assert(await governor.read.supportsInterface(["0x01ffc9a7"]));
  assert(!(await governor.read.supportsInterface(["0xffffffff"])));
});

await step("holders delegate, and the votes move", async () => {
  await delegateAll();
  const receipt = await mined(tokenOf(insurer).write.delegate([addressOf(patients)]));
  assert.deepEqual(only(receipt, tokenAbi, "DelegateChanged"), {
    delegator: addressOf(insurer), fromDelegate: addressOf(insurer), toDelegate: addressOf(patients),
  });
  assert.equal(await token.read.getVotes([addressOf(patients)]), HOLDINGS[3] + HOLDINGS[4]);
  await mined(tokenOf(insurer).write.delegate([addressOf(insurer)]));
  assert.equal(await token.read.getVotes([addressOf(patients)]), HOLDINGS[3]);
  await mined(faucet.sendTransaction({ to: TIMELOCK, value: parseEther("10") }));
});

const practice = getAddress("0x00000000000000000000000000000000000d0c70");
const description = "# A grant\n\n1.5 ether to a rural practice, and a quorum of 6 %. Größe zählt nicht. 🩺";
const proposal = [
  [practice, GOVERNOR],
  [parseEther("1.5"), 0n],
  ["0x", encodeFunctionData({ abi: governorAbi, functionName: "updateQuorumNumerator", args: [6n] })],
];
const descriptionHash = keccak256(stringToHex(description));
const byContent = [...proposal, descriptionHash];

const id = await step("a member proposes", async () => {
  const { result, request } = await governorOf(hospital).simulate.propose([...proposal, description]);
  assert.equal(result, await governor.read.hashProposal(byContent));
  assert.equal(result, await governor.read.getProposalId(byContent));
  const receipt = await mined(hospital.writeContract(request));
  const { timestamp } = await node.getBlock({ blockNumber: receipt.blockNumber });
  assert.deepEqual(only(receipt, plainGovernorAbi, "ProposalCreated"), {
    proposalId: result,
    proposer: addressOf(hospital),
    targets: proposal[0],
    values: proposal[1],
    signatures: ["", ""],
    calldatas: proposal[2],
    voteStart: timestamp + VOTING_DELAY,
    voteEnd: timestamp + VOTING_DELAY + VOTING_PERIOD,
    description,
  });
  assert.equal(await governor.read.state([result]), State.Pending);
  assert.equal(await governor.read.proposalSnapshot([result]), timestamp + VOTING_DELAY);
  assert.equal(await governor.read.proposalDeadline([result]), timestamp + VOTING_DELAY + VOTING_PERIOD);
  assert.equal(await governor.read.proposalProposer([result]), addressOf(hospital));
  assert.equal(await governor.read.proposalNeedsQueuing([result]), true);
  assert.deepEqual(await governor.read.proposalDetails([result]), byContent);
  return result;
});

await step("members vote, in each of the ways there are", async () => {
  await advance(VOTING_DELAY + 1n);
  assert.equal(await governor.read.state([id]), State.Active);
  const snapshot = await governor.read.proposalSnapshot([id]);
  assert.equal(await governor.read.getVotes([addressOf(hospital), snapshot]), HOLDINGS[0]);

  const plain = await mined(governorOf(patients).write.castVote([id, Vote.Against]));
  assert.deepEqual(only(plain, plainGovernorAbi, "VoteCast"), {
    voter: addressOf(patients), proposalId: id, support: Vote.Against, weight: HOLDINGS[3], reason: "",
  });
  const reasoned = await mined(governorOf(hospital).write.castVoteWithReason([id, Vote.For, "our patients' way is long"]));
  assert.equal(only(reasoned, plainGovernorAbi, "VoteCast").reason, "our patients' way is long");
  await mined(governorOf(insurer).write.castVote([id, Vote.Abstain]));

  const split = encodePacked(["uint128", "uint128", "uint128"], [10_000n * TOKEN, 80_000n * TOKEN, 10_000n * TOKEN]);
  const ballot = [id, Vote.Fractional, "we are of two minds", split];
  const fractional = await mined(governorOf(laboratory).write.castVoteWithReasonAndParams(ballot));
  assert.deepEqual(only(fractional, plainGovernorAbi, "VoteCastWithParams"), {
    voter: addressOf(laboratory), proposalId: id, support: Vote.Fractional, weight: HOLDINGS[2], reason: ballot[2], params: split,
  });

  assert.equal(await governor.read.hasVoted([id, addressOf(laboratory)]), true);
  assert.equal(await governor.read.hasVoted([id, addressOf(clinic)]), false);
  assert.deepEqual(await governor.read.proposalVotes([id]), [85_000n, 280_000n, 60_000n].map((votes) => votes * TOKEN));
});

await step("it is queued, waits, and is executed", async () => {
  await advance(VOTING_PERIOD);
  assert.equal(await governor.read.state([id]), State.Succeeded);

  const queued = await mined(governorOf(insurer).write.queue(byContent));
  const { timestamp } = await node.getBlock({ blockNumber: queued.blockNumber });
  const eta = timestamp + MIN_DELAY;
  assert.deepEqual(only(queued, plainGovernorAbi, "ProposalQueued"), { proposalId: id, etaSeconds: eta });
  assert.equal(await governor.read.proposalEta([id]), eta);
  assert.equal(await governor.read.state([id]), State.Queued);
  const scheduled = await timelock.getEvents.CallScheduled({}, { fromBlock: queued.blockNumber });
  assert.deepEqual(scheduled.map(({ args }) => [args.index, args.target, args.value, args.data, args.delay]), [
    [0n, practice, parseEther("1.5"), "0x", MIN_DELAY],
    [1n, GOVERNOR, 0n, proposal[2][1], MIN_DELAY],
  ]);
  const operation = scheduled[0].args.id;
  assert.equal(await timelock.read.getTimestamp([operation]), eta);

  await advance(MIN_DELAY);
  const executed = await mined(governorOf(insurer).write.execute(byContent));
  assert.deepEqual(only(executed, plainGovernorAbi, "ProposalExecuted"), { proposalId: id });
  assert.deepEqual(only(executed, governorAbi, "QuorumNumeratorUpdated"), { oldQuorumNumerator: 4n, newQuorumNumerator: 6n });
  const calls = await timelock.getEvents.CallExecuted({ id: operation }, { fromBlock: executed.blockNumber });
  assert.deepEqual(calls.map(({ args }) => args.index), [0n, 1n]);
  assert(await timelock.read.isOperationDone([operation]));
  assert.equal(await governor.read.state([id]), State.Executed);
  assert.equal(await node.getBalance({ address: practice }), parseEther("1.5"));
  assert.equal(await governor.read.quorumNumerator(), 6n);
});

await step("proposals end in the other ways too", async () => {
  const call = encodeFunctionData({ abi: timelockAbi, functionName: "updateDelay", args: [1n] });
  const propose = async (text) => {
    const content = [[TIMELOCK], [0n], [call]];
    const receipt = await mined(governorOf(clinic).write.propose([...content, text]));
    return [only(receipt, governorAbi, "ProposalCreated").proposalId, [...content, keccak256(stringToHex(text))]];
  };
  const [withdrawn, withdrawnContent] = await propose("withdrawn by its proposer");
  const receipt = await mined(governorOf(clinic).write.cancel(withdrawnContent));
  assert.deepEqual(only(receipt, plainGovernorAbi, "ProposalCanceled"), { proposalId: withdrawn });
  assert.equal(await governor.read.state([withdrawn]), State.Canceled);

  const [ignored] = await propose("nobody votes on it");
  await advance(VOTING_DELAY + VOTING_PERIOD + 1n);
  assert.equal(await governor.read.state([ignored]), State.Defeated);
});

await step("an index made of events alone says what the contracts say", async () => {
  const [balances, votes, delegates, tallies] = [new Map(), new Map(), new Map(), new Map()];
  const add = (map, key, amount) => map.set(key, (map.get(key) ?? 0n) + amount);
  const logs = (await Promise.all([token, governor, timelock].map(({ address, abi }) =>
    node.getContractEvents({ address, abi, fromBlock: 0n, strict: true })))).flat();
  for (const { eventName, args } of logs) {
    if (eventName === "Transfer") {
      if (args.from !== zeroAddress) add(balances, args.from, -args.value);
      add(balances, args.to, args.value);
    } else if (eventName === "DelegateVotesChanged") {
      assert.equal(votes.get(args.delegate) ?? 0n, args.previousVotes);
      votes.set(args.delegate, args.newVotes);
    } else if (eventName === "DelegateChanged") {
      assert.equal(delegates.get(args.delegator) ?? zeroAddress, args.fromDelegate);
      delegates.set(args.delegator, args.toDelegate);
    } else if (eventName === "VoteCast") {
      add(tallies, args.support, args.weight);
    }
  }
  for (const address of [...members.map(addressOf), TIMELOCK]) {
    assert.equal(balances.get(address), await token.read.balanceOf([address]));
    assert.equal(votes.get(address) ?? 0n, await token.read.getVotes([address]));
    assert.equal(delegates.get(address) ?? zeroAddress, await token.read.delegates([address]));
  }
  assert.deepEqual([...tallies.entries()].sort(), [[Vote.Against, HOLDINGS[3]], [Vote.For, HOLDINGS[0]], [Vote.Abstain, HOLDINGS[4]]]);
  const names = new Set(logs.map(({ eventName }) => eventName));
  for (const name of ["ProposalCreated", "ProposalQueued", "ProposalExecuted", "ProposalCanceled", "RoleGranted", "MinDelayChange"]) {
    assert(names.has(name), name);
  }
});

finish();
