// Wallets that leave keys to the node, and viem's test client in each of its modes.
import assert from "node:assert/strict";
import { Contract, JsonRpcProvider } from "ethers";
import { createTestClient, getAddress, getContract, http, parseEther, publicActions, walletActions } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { governorAbi, timelockAbi, tokenAbi } from "../lib/abi.js";
import { GOVERNOR, HOLDINGS, MNEMONIC, TIMELOCK, TOKEN_ADDRESS, Vote, VOTING_DELAY } from "../lib/dao.js";
import { input } from "../lib/input.js";
import { finish, step } from "../lib/step.js";
import { chain } from "../viem/connect.js";

const node = new JsonRpcProvider(input.http, undefined, { pollingInterval: 10, cacheTimeout: -1 });
const known = Array.from({ length: 20 }, (_, addressIndex) => mnemonicToAccount(MNEMONIC, { addressIndex }).address);
const clientOf = (mode) => createTestClient({ mode, chain, transport: http(), pollingInterval: 10 }).extend(publicActions).extend(walletActions);
const client = clientOf("hardhat");
const account = known[0];
const nobody = getAddress("0x00000000000000000000000000000000000d0c70");

const signers = await step("the known accounts have ether, and the node their keys", async () => {
  const signers = await node.listAccounts();
  assert.deepEqual(signers.map(({ address }) => address), known);
  for (const address of known.slice(5)) assert.equal(await node.getBalance(address), parseEther("10000"));
  return signers;
});

await step("ethers has the node sign transactions, messages and typed data; votes are cast by them", async () => {
  const governor = new Contract(GOVERNOR, governorAbi, node);
  const token = new Contract(TOKEN_ADDRESS, tokenAbi, node);
  for (const signer of signers.slice(0, 5)) await (await token.connect(signer).delegate(signer.address)).wait();
  const response = await governor.connect(signers[0]).propose([TIMELOCK], [0n], ["0x"], "by accounts of the node");
  const { args: { proposalId } } = (await response.wait()).logs.map((log) => governor.interface.parseLog(log)).find(({ name }) => name === "ProposalCreated");
  await client.increaseTime({ seconds: Number(VOTING_DELAY) + 1 });
  await client.mine({ blocks: 1 });

  const voter = signers[1].address;
  const domain = { name: "Consilium Governor", version: "1", chainId: chain.id, verifyingContract: GOVERNOR };
  const types = { Ballot: [["uint256", "proposalId"], ["uint8", "support"], ["address", "voter"], ["uint256", "nonce"]].map(([type, name]) => ({ type, name })) };
  const signature = await signers[1].signTypedData(domain, types, { proposalId, support: Vote.For, voter, nonce: 0n });
  await (await governor.connect(signers[2]).castVoteBySig(proposalId, Vote.For, voter, signature)).wait();
  assert.deepEqual((await governor.proposalVotes(proposalId)).toArray(), [0n, HOLDINGS[1], 0n]);

  const message = await signers[3].signMessage("Größe");
  assert(await client.verifyMessage({ address: known[3], message: "Größe", signature: message }));
});

await step("a transaction that fails is answered with its error, as Hardhat does, and is in a block", async () => {
  const timelock = new Contract(TIMELOCK, timelockAbi, node);
  const before = await node.getTransactionCount(known[5]);
  const error = await timelock.connect(signers[5]).updateDelay(1n, { gasLimit: 500_000n }).then(assert.fail, (error) => error);
  const data = error.data ?? error.error?.data ?? error.info?.error?.data;
  assert.equal(timelock.interface.parseError(data).name, "TimelockUnauthorizedCaller");
  assert.match(JSON.stringify(error), /VM Exception while processing transaction: reverted with an unrecognized custom error/);
  assert.equal(await node.getTransactionCount(known[5]), before + 1);
});

for (const mode of ["hardhat", "anvil"]) {
  await step(`viem's test client, as for ${mode}`, async () => {
    const test = clientOf(mode);
    const start = await test.snapshot();
    const number = await test.getBlockNumber({ cacheTime: 0 });
    await test.mine({ blocks: 3, interval: 10 });
    assert.equal(await test.getBlockNumber({ cacheTime: 0 }), number + 3n);
    await test.setBalance({ address: nobody, value: parseEther("2") });
    await test.setCode({ address: nobody, bytecode: "0x5f545f5260205ff3" });
    await test.setStorageAt({ address: nobody, index: 0, value: `0x${"00".repeat(31)}2a` });
    assert.equal(BigInt((await test.call({ to: nobody })).data), 42n);
    await test.setNonce({ address: nobody, nonce: 5 });
    await test.impersonateAccount({ address: nobody });
    const hash = await test.sendTransaction({ account: nobody, to: account, value: 1n });
    const { from, nonce } = await test.getTransaction({ hash });
    assert.deepEqual([from.toLowerCase(), nonce], [nobody.toLowerCase(), 5]);
    await test.stopImpersonatingAccount({ address: nobody });
    await test.setCoinbase({ address: account });
    await test.setBlockGasLimit({ gasLimit: 30_000_000n });
    await test.setNextBlockBaseFeePerGas({ baseFeePerGas: 1_000_000_000n });
    const { timestamp } = await test.getBlock();
    await test.setNextBlockTimestamp({ timestamp: timestamp + 100n });
    await test.mine({ blocks: 1 });
    const block = await test.getBlock();
    assert.deepEqual([block.miner.toLowerCase(), block.gasLimit, block.baseFeePerGas, block.timestamp], [account.toLowerCase(), 30_000_000n, 1_000_000_000n, timestamp + 100n]);
    await test.setLoggingEnabled(true);

    await test.setAutomine(false);
    assert.equal(await test.getAutomine(), false);
    const [kept, dropped] = [await test.sendTransaction({ account, to: nobody }), await test.sendTransaction({ account, to: nobody })];
    assert.deepEqual(await test.getTxpoolStatus(), { pending: 2, queued: 0 });
    assert.deepEqual(Object.values(Object.values((await test.getTxpoolContent()).pending)[0]).map(({ hash }) => hash), [kept, dropped]);
    await test.dropTransaction({ hash: dropped });
    await test.mine({ blocks: 1 });
    assert.deepEqual((await test.getBlock()).transactions, [kept]);
    await test.setAutomine(true);

    await test.revert({ id: start });
    assert.equal(await test.getBlockNumber({ cacheTime: 0 }), number);
    assert.equal(await test.getBalance({ address: nobody }), 0n);
  });
}

await step("viem's test client, as for Ganache", async () => {
  const test = clientOf("ganache");
  const number = await test.getBlockNumber({ cacheTime: 0 });
  await test.mine({ blocks: 2 });
  assert.equal(await test.getBlockNumber({ cacheTime: 0 }), number + 2n);
  await test.setBalance({ address: nobody, value: 5n });
  await test.setCode({ address: nobody, bytecode: "0x00" });
  assert.equal(await test.getBalance({ address: nobody }), 5n);
});

await step("Anvil's own ways: seconds between blocks, and transactions without a signature", async () => {
  const test = clientOf("anvil");
  await test.setBlockTimestampInterval({ interval: 50 });
  const { timestamp } = await test.getBlock();
  await test.mine({ blocks: 1 });
  assert.equal((await test.getBlock()).timestamp, timestamp + 50n);
  await test.removeBlockTimestampInterval();
  await test.setCode({ address: nobody, bytecode: "0x" });
  await test.setBalance({ address: nobody, value: parseEther("1") });
  const hash = await test.sendUnsignedTransaction({ from: nobody, to: account, value: 1n });
  assert.equal((await test.waitForTransactionReceipt({ hash })).status, "success");
});

await step("a reset brings back the start, without the DAO", async () => {
  await client.reset();
  assert.equal(await client.getCode({ address: TOKEN_ADDRESS }), undefined);
  const token = getContract({ address: TOKEN_ADDRESS, abi: tokenAbi, client });
  await assert.rejects(token.read.name());
});

finish();
