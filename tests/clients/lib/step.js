// A script is a list of steps. The first that fails ends it, and its title is what a person reads first.
let steps = 0;

/** A step that takes longer waits for an event that does not come. The longest takes a second or two. */
const PATIENCE = 60_000;

export async function step(title, action) {
  const watchdog = setTimeout(() => fail(title, "it does not end"), PATIENCE);
  try {
    const outcome = await action();
    steps += 1;
    return outcome;
  } catch (error) {
    // The stack alone: printed whole, a library's error drags its contract's interface along.
    return fail(title, error?.stack ?? error);
  } finally {
    clearTimeout(watchdog);
  }
}

function fail(title, reason) {
  console.error(`failed: ${title}\n${reason}`);
  process.exit(1);
}

/** The last line of a script: `main.rs` takes a script that does not get here for failed. */
export function finish() {
  console.log(`${steps} steps passed`);
  // An open WebSocket or a poll would keep the process alive.
  process.exit(0);
}
