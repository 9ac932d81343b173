// `node bin/have.mjs`: the parts of `requires.ts` that this machine has, on one line.
import { allNeeds, look } from './requires.ts';

const have: string[] = [];
for (const need of allNeeds) {
  const found = look(need);
  if (found.ok) have.push(need);
  else process.stderr.write(`${need} is not here, its tests will skip: ${found.reason}\n`);
}
process.stdout.write(`${have.join(' ')}\n`);
