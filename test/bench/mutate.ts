// Makes every rule wrong in small ways and asks its scenarios: `npm run mutate`, or `npm run mutate -- SfuSaturated`.
import { availableParallelism } from 'node:os';
import PQueue from 'p-queue';
import { findTool, installHint, toolNamed } from '../../lab/toolbox.ts';
import { equivalentMutants } from '../alerts/equivalent-mutants.ts';
import { mutantsOf } from '../alerts/mutants.ts';
import { rulesOf, runPromtool, testsOf } from '../alerts/promtool.ts';
import { proofs } from '../alerts/proofs.ts';

/** Share of mutants that must fail a scenario. */
const wantedRatio = 0.95;

const promtool = findTool('promtool');
if (promtool === undefined) throw new Error(installHint(toolNamed('promtool')));
const wanted = process.argv.slice(2);
const chosen = proofs.filter(({ alert }) => wanted.length === 0 || wanted.includes(alert.name));
const mutants = chosen.flatMap((proof) =>
  mutantsOf(rulesOf(proof.alert)).map(({ what, rules }) => ({ name: `${proof.alert.name}: ${what}`, rules, proof })),
);
if (mutants.length === 0) throw new Error(`no alert is named ${wanted.join(' or ')}`);
const queue = new PQueue({ concurrency: availableParallelism() });
// Scenarios that fail already would kill whatever is put before them.
await queue.addAll(
  chosen.map((proof) => async () => {
    const said = await runPromtool(promtool, { rules: rulesOf(proof.alert), tests: testsOf(proof) });
    if (said !== undefined) throw new Error(`${proof.alert.name} is wrong as it stands: ${said}`);
  }),
);
const lived = await queue.addAll(
  mutants.map(({ rules, proof }) => async () => {
    const said = await runPromtool(promtool, { rules, tests: testsOf(proof) });
    return said === undefined;
  }),
);
const survivors = mutants.filter((_, index) => lived[index]).map(({ name }) => name);
for (const name of survivors) console.log(`survived  ${name}  (${equivalentMutants[name] ?? 'nobody knows why'})`);
const unlisted = survivors.filter((name) => equivalentMutants[name] === undefined);
const stale = mutants.filter(({ name }, index) => !lived[index] && equivalentMutants[name] !== undefined);
for (const { name } of stale)
  console.log(`killed    ${name}  (it is listed as one that cannot be: take it off the list)`);
const killed = mutants.length - survivors.length;
const ratio = killed / mutants.length;
console.log(
  `${killed} of ${mutants.length} mutants were killed (${(ratio * 100).toFixed(1)} %, wanted ${wantedRatio * 100} %); ${unlisted.length} survivors are not listed with a reason`,
);
// Of a few alerts the listed ones may be more than the share.
process.exitCode = (wanted.length > 0 || ratio >= wantedRatio) && unlisted.length === 0 && stale.length === 0 ? 0 : 1;
