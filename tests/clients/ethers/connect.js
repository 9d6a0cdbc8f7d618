// The DAO through ethers.
import assert from "node:assert/strict";
import { Contract, HDNodeWallet, JsonRpcProvider, parseEther, Wallet } from "ethers";
import { governorAbi, timelockAbi, tokenAbi } from "../lib/abi.js";
import { advance } from "../lib/chain.js";
import { GOVERNOR, GUARDIAN, HOLDINGS, MNEMONIC, TIMELOCK, TOKEN_ADDRESS } from "../lib/dao.js";
import { input } from "../lib/input.js";

// The node mines at once: there is nothing to wait for between two looks, and no answer stays true for long.
export const node = new JsonRpcProvider(input.http, undefined, { pollingInterval: 10, cacheTimeout: -1 });

/** A careful wallet: gas is estimated as of now, and a second later a token's transfer needs more. What is not used is not
 * paid, so it gives twice as much. */
class CarefulWallet extends Wallet {
  async estimateGas(transaction) {
    return 2n * (await super.estimateGas(transaction));
  }
}

const derived = (number) => new CarefulWallet(HDNodeWallet.fromPhrase(MNEMONIC, undefined, `m/44'/60'/0'/0/${number}`).privateKey, node);

/** The devnode's account, for whatever costs ether. */
export const faucet = new CarefulWallet(input.devKey, node);
/** The holders of the token, in the order of the configuration, and the guardian of proposals. */
export const members = HOLDINGS.map((_, number) => derived(number));
export const guardian = derived(GUARDIAN);

/** Each to read; `connect` gives it to a wallet. */
export const governor = new Contract(GOVERNOR, governorAbi, node);
export const timelock = new Contract(TIMELOCK, timelockAbi, node);
export const token = new Contract(TOKEN_ADDRESS, tokenAbi, node);

/** Waits for a transaction, which must succeed. */
export async function mined(response) {
  const receipt = await (await response).wait();
  assert.equal(receipt.status, 1);
  return receipt;
}

/** Gives everybody ether for gas. */
export async function fund() {
  for (const { address } of [...members, guardian]) {
    await mined(faucet.sendTransaction({ to: address, value: parseEther("1") }));
  }
}

/** Every holder votes for itself from now on. Proposing asks for the votes of a second ago, so one passes. */
export async function delegateAll() {
  for (const member of members) await mined(token.connect(member).delegate(member.address));
  await advance(1n);
}

/** The arguments, by name, of the only event `name` of `contract` among a receipt's logs. */
export function only(receipt, contract, name) {
  const found = receipt.logs.map((log) => contract.interface.parseLog(log)).filter((event) => event?.name === name);
  assert.equal(found.length, 1, `one ${name}`);
  return plain(found[0].args);
}

/** What ethers returns as a value that can be both a list and a record, as a record of plain values. */
export function plain(result) {
  const value = (item) => (Array.isArray(item) ? item.toArray(true) : item);
  return Object.fromEntries(Object.entries(result.toObject()).map(([key, item]) => [key, value(item)]));
}
