// What ethers makes of a revert.
import assert from "node:assert/strict";
import { isError } from "ethers";

/** The error of a call that fails. */
export async function failure(call) {
  return call.then(() => assert.fail("it was not refused"), (error) => error);
}

/** Wants a call to revert with OpenZeppelin's error `name` and these arguments, decoded by the contract's interface. */
export async function refused(call, name, args) {
  const error = await failure(call);
  assert(isError(error, "CALL_EXCEPTION"), error);
  assert.equal(error.revert?.name, name, error.message);
  assert.deepEqual(error.revert.args.toArray(), args);
}
