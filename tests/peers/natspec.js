// Reads sources from standard input, { "<file>": "<Solidity>" }, and writes what solc makes of their documentation:
// { "<file>": { "<Contract>": { "devdoc": …, "userdoc": … } } }.
"use strict";
const solc = require("solc");

const contents = JSON.parse(require("fs").readFileSync(0, "utf8"));
const sources = Object.fromEntries(Object.entries(contents).map(([file, content]) => [file, { content }]));
const settings = { outputSelection: { "*": { "*": ["devdoc", "userdoc"] } } };
const output = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings })));
if (output.errors) {
  for (const problem of output.errors) process.stderr.write(problem.formattedMessage);
  process.exit(1);
}
process.stdout.write(JSON.stringify(output.contracts));
