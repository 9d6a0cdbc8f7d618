// What viem makes of a revert.
import assert from "node:assert/strict";
import { BaseError, ContractFunctionRevertedError } from "viem";

/** The error of a call that fails. */
export async function failure(call) {
  const error = await call.then(() => assert.fail("it was not refused"), (error) => error);
  assert(error instanceof BaseError, error);
  return error;
}

/** Wants a call to revert with OpenZeppelin's error `name` and these arguments, decoded by its interface. */
export async function refused(call, name, args) {
  const error = await failure(call);
  const revert = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
  assert.equal(revert?.data?.errorName, name, error.message);
  assert.deepEqual(revert.data.args ?? [], args);
}
