// Solidity contracts that were written against abi/ (examples/solidity), deployed and used: they compose with the DAO.
// The gateway that asks the consent is used in tests/consent/gateway.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { encodeFunctionData, getAddress, getContract, keccak256, parseEther, publicActions, stringToHex } from "viem";
import { governorAbi } from "../lib/abi.js";
import { advance } from "../lib/chain.js";
import { GOVERNOR, HOLDINGS, MIN_DELAY, State, TIMELOCK, Vote, VOTING_DELAY, VOTING_PERIOD } from "../lib/dao.js";
import { finish, step } from "../lib/step.js";
import { delegateAll, faucet, fund, governor, governorOf, members, mined, node, only, token, tokenOf } from "./connect.js";
import { refused } from "./refused.js";

const [hospital, clinic, laboratory, patients, insurer] = members;
const addressOf = (wallet) => wallet.account.address;

/** Deploys an example and gives it as a wallet sees it. */
async function create(name, args, value = 0n) {
  const { abi, bytecode } = JSON.parse(readFileSync(new URL(`../../../target/peers/${name}.json`, import.meta.url)));
  const receipt = await mined(faucet.deployContract({ abi, bytecode, args, value }));
  const address = getAddress(receipt.contractAddress);
  return Object.assign((wallet) => getContract({ address, abi, client: wallet.extend(publicActions) }), { address, abi });
}

/** Carries a proposal through vote and timelock. */
async function decide(id, content) {
  await advance(VOTING_DELAY + 1n);
  await mined(governorOf(hospital).write.castVote([id, Vote.For]));
  await mined(governorOf(patients).write.castVote([id, Vote.Against]));
  await advance(VOTING_PERIOD);
  await mined(governorOf(insurer).write.queue(content));
  await advance(MIN_DELAY);
  await mined(governorOf(insurer).write.execute(content));
}

await fund();
await delegateAll();

await step("a committee of delegated votes proposes a grant, and the DAO pays it", async () => {
  const committee = await create("GrantCommittee", [GOVERNOR, addressOf(clinic)]);
  const grantee = getAddress("0x00000000000000000000000000000000000d0c70");
  const grant = [grantee, parseEther("2"), "a grant to the rural practice"];
  await refused(committee(insurer).simulate.proposeGrant(grant), "NotTheChair", [addressOf(insurer)]);
  // Nobody has delegated to it: the governor's own error comes through.
  const reason = await committee(clinic).simulate.proposeGrant(grant).catch((error) => error.message);
  assert.match(reason, /0xc242ee16|GovernorInsufficientProposerVotes/);

  await mined(tokenOf(laboratory).write.delegate([committee.address]));
  assert.equal(await token.read.getVotes([committee.address]), HOLDINGS[2]);
  await mined(faucet.sendTransaction({ to: TIMELOCK, value: parseEther("3") }));
  // Proposing asks for the votes of a second ago.
  await advance(1n);
  const receipt = await mined(committee(clinic).write.proposeGrant(grant));
  const { proposalId, amount } = only(receipt, committee.abi, "GrantProposed");
  assert.equal(await governor.read.proposalProposer([proposalId]), committee.address);
  assert.equal(amount, parseEther("2"));

  await decide(proposalId, [...(await committee(clinic).read.payment([grantee, amount])), keccak256(stringToHex(grant[2]))]);
  assert.equal(await node.getBalance({ address: grantee }), parseEther("2"));

  const second = only(await mined(committee(clinic).write.proposeGrant([grantee, 1n, "withdrawn"])), committee.abi, "GrantProposed");
  await mined(committee(clinic).write.withdraw([second.proposalId]));
  assert.equal(await governor.read.state([second.proposalId]), State.Canceled);
});

await step("a fee that only the DAO sets is set by a proposal", async () => {
  const fees = await create("AccessFee", [GOVERNOR, parseEther("0.01")]);
  await refused(fees(hospital).simulate.setFee([1n]), "OnlyTheDao", [addressOf(hospital)]);
  const calldata = encodeFunctionData({ abi: fees.abi, functionName: "setFee", args: [parseEther("0.02")] });
  const content = [[fees.address], [0n], [calldata]];
  const { proposalId } = only(await mined(governorOf(hospital).write.propose([...content, "dearer"])), governorAbi, "ProposalCreated");
  await decide(proposalId, [...content, keccak256(stringToHex("dearer"))]);

  const before = await node.getBalance({ address: TIMELOCK });
  const pointer = keccak256(stringToHex("a pointer"));
  await refused(fees(insurer).simulate.pay([pointer], { value: 1n }), "WrongFee", [1n, parseEther("0.02")]);
  await mined(fees(insurer).write.pay([pointer], { value: parseEther("0.02") }));
  assert.equal(await node.getBalance({ address: TIMELOCK }), before + parseEther("0.02"));
});

await step("a pot is shared by the weight that was cast", async () => {
  const { proposalId } = only(await mined(governorOf(hospital).write.propose([[TIMELOCK], [0n], ["0x"], "who votes?"])), governorAbi, "ProposalCreated");
  const reward = await create("VoterReward", [GOVERNOR, proposalId], parseEther("1"));
  await advance(VOTING_DELAY + 1n);
  await mined(governorOf(hospital).write.castVote([proposalId, Vote.For]));
  await mined(governorOf(insurer).write.castVote([proposalId, Vote.Abstain]));
  const deadline = await governor.read.proposalDeadline([proposalId]);
  await refused(reward(hospital).simulate.claim(), "VoteIsOpen", [deadline]);
  await advance(VOTING_PERIOD);

  const total = HOLDINGS[0] + HOLDINGS[4];
  assert.deepEqual(only(await mined(reward(insurer).write.claim()), reward.abi, "Claimed"), { voter: addressOf(insurer), amount: (parseEther("1") * HOLDINGS[4]) / total });
  await refused(reward(insurer).simulate.claim(), "NothingToClaim", [addressOf(insurer)]);
  await refused(reward(clinic).simulate.claim(), "NothingToClaim", [addressOf(clinic)]);
  await mined(reward(hospital).write.claim());
  assert.equal(await node.getBalance({ address: reward.address }), 0n);
  const nowhere = await create("VoterReward", [GOVERNOR, 1n]).catch((error) => error.message);
  assert.match(nowhere, /reverted/);
});

finish();
