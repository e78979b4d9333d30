// Reads base64 lines from standard input: the flags, then the number of patterns, the patterns, the texts.
// Prints one line of 0 and 1 for each pattern: which texts it finds.
import {readFileSync} from 'node:fs';

const lines = readFileSync(0, 'ascii').split('\n').filter(Boolean).map((line) => Buffer.from(line.slice(1), 'base64').toString());
const [flags, count] = [lines[0], Number(lines[1])];
for (const pattern of lines.slice(2, 2 + count)) {
  const engine = new RegExp(pattern, flags);
  console.log(lines.slice(2 + count).map((text) => (engine.test(text) ? 1 : 0)).join(''));
}
