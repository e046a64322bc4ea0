// Makes every rule wrong in small ways and asks its scenarios: `npm run mutate`, or `npm run mutate -- SfuSaturated`.
import { findTool, installHint, toolNamed } from '../../lab/toolbox.ts';
import { mutantsOf } from '../alerts/mutants.ts';
import { rulesOf, runPromtool, testsOf } from '../alerts/promtool.ts';
import { proofs } from '../alerts/proofs.ts';

/** What may live, and why; the budgets' numbers are compared to the letter in test/alerts/slo.test.ts. */
const tolerated: readonly (readonly [RegExp, string])[] = [
  [/Burns(Fast|Slowly): /, 'generated: the rule is compared to the letter in test/alerts/slo.test.ts'],
];

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
const unexplained = survivors.filter((name) => !tolerated.some(([pattern]) => pattern.test(name)));
for (const name of survivors) {
  const reason = tolerated.find(([pattern]) => pattern.test(name))?.[1] ?? 'nobody knows why';
  console.log(`survived  ${name}  (${reason})`);
}
const all = killed + survivors.length;
console.log(`${killed} of ${all} mutants were killed, ${unexplained.length} survived unexplained`);
process.exitCode = all > 0 && (all - unexplained.length) / all >= 0.95 ? 0 : 1;
