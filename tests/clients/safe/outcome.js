// What a script saw, printed for `safe.rs`: it runs each script against two singletons and compares what both saw.
const kept = [];

/** Keeps a value, which must be JSON, under a title. */
export const keep = (title, value) => kept.push([title, value]);

/** Prints all, a line each. */
export function tell() {
  for (const row of kept) console.log(`saw ${JSON.stringify(row)}`);
}
