// Makes every rule wrong in small ways and asks its scenarios: `npm run mutate`, or `npm run mutate -- SfuSaturated`.
import { findTool, installHint, toolNamed } from '../../lab/toolbox.ts';
import { mutantsOf } from '../alerts/mutants.ts';
import { rulesOf, runPromtool, testsOf } from '../alerts/promtool.ts';
import { proofs } from '../alerts/proofs.ts';

/** What lives for a reason that is known. It counts as a survivor all the same. */
const explained: readonly (readonly [RegExp, string])[] = [
  [/^JoinSuccess.*: /, 'generated: the rule is compared to the letter in test/alerts/slo.test.ts'],
  [/Burns(Fast|Slowly): /, 'made by the generator that test/alerts/slo.test.ts holds to the letter for JoinSuccess'],
];
/** Share of mutants that must fail a test. */
const wantedRatio = 0.95;

const promtool = findTool('promtool');
if (promtool === undefined) throw new Error(installHint(toolNamed('promtool')));
const wanted = process.argv.slice(2);
const survivors: string[] = [];
let killed = 0;
for (const proof of proofs.filter(({ alert }) => wanted.length === 0 || wanted.includes(alert.name)))
  for (const { what, alert } of mutantsOf(proof.alert)) {
    const said = await runPromtool(promtool, { rules: rulesOf(alert), tests: testsOf(proof) });
    if (said === undefined) survivors.push(`${alert.name}: ${what}`);
    else killed += 1;
  }
const unexplained = survivors.filter((name) => !explained.some(([pattern]) => pattern.test(name)));
for (const name of survivors) {
  const reason = explained.find(([pattern]) => pattern.test(name))?.[1] ?? 'nobody knows why';
  console.log(`survived  ${name}  (${reason})`);
}
const all = killed + survivors.length;
const ratio = all === 0 ? 0 : killed / all;
console.log(
  `${killed} of ${all} mutants were killed (${(ratio * 100).toFixed(1)} %, wanted ${wantedRatio * 100} %); ${unexplained.length} of the survivors are unexplained`,
);
process.exitCode = ratio >= wantedRatio ? 0 : 1;
