// Works out what the picture of each alert shows: `npm run examples`, or `npm run examples -- SfuSaturated`.
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import PQueue from 'p-queue';
import { type Example, examples } from '../../alerts/examples.ts';
import { findTool, installHint, toolNamed } from '../../lab/toolbox.ts';
import { exampleQuery, exampleSteps, shownScenario, silentTwins } from './examples.ts';
import { exampleTest, rulesOf, runPromtool } from './promtool.ts';
import { proofs } from './proofs.ts';
import type { Proof, Scenario } from './scenario.ts';

const promtool = findTool('promtool');
if (promtool === undefined) throw new Error(installHint(toolNamed('promtool')));
const tool = promtool;
const wanted = process.argv.slice(2);
const queue = new PQueue({ concurrency: availableParallelism() });
const chosen = proofs.filter(({ alert }) => wanted.length === 0 || wanted.includes(alert.name));
const recorded = await queue.addAll(
  chosen.map((proof) => async () => [proof.alert.name, await record(proof)] as const),
);
const known = Object.entries(examples).filter(([name]) => proofs.some(({ alert }) => alert.name === name));
const all = Object.entries({ ...Object.fromEntries(known), ...Object.fromEntries(recorded) });
const lines = all
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, example]) => `  ${JSON.stringify(name)}: ${JSON.stringify(example)}`);
writeFileSync(fileURLToPath(new URL('../../alerts/examples.json', import.meta.url)), `{\n${lines.join(',\n')}\n}\n`);
console.log(`recorded ${recorded.length} examples`);

/** The example of an alert: its scenario as it is where that begins calm, else after the first silent one from which the signal rises. */
async function record(proof: Proof): Promise<Example> {
  const shown = shownScenario(proof);
  const plain = await worked(proof, shown);
  if (plain === undefined) throw new Error(`${proof.alert.name} does not fire in the scenario in which it should`);
  if (beginsCalm(proof, plain)) return plain;
  for (const lead of silentTwins(proof, shown).keys()) {
    const after = await worked(proof, shownScenario(proof, lead));
    if (after !== undefined && beginsCalm(proof, after)) return { lead, ...after };
  }
  return plain;
}

/** Whether the signal is on the good side at some point before the alert fires, and on the bad side when it does; where the alert fires at the threshold itself, that is the bad side. */
function beginsCalm({ alert }: Proof, { series, stepSeconds, firesAtSeconds }: Example): boolean {
  const { threshold, direction } = alert.response.signal;
  const beyond = (value: number) => (direction === 'above' ? value > threshold : value < threshold);
  const at = (index: number) => series.flatMap(({ values }) => values[index] ?? []);
  const fires = firesAtSeconds / stepSeconds;
  const bad = (value: number) => beyond(value) || (value === threshold && !at(fires).some(beyond));
  const good = Array.from({ length: fires }, (_, index) => at(index)).some(
    (values) => values.length > 0 && !values.some(bad),
  );
  return good && at(fires).some(bad);
}

/** promtool shows what it got for an expectation that cannot be met. */
async function worked({ alert }: Proof, scenario: Scenario): Promise<Example | undefined> {
  const { stepSeconds, count } = exampleSteps(scenario);
  const never = [{ labels: '{never="met"}', value: 0 }];
  const firing = `count(ALERTS{alertname="${alert.name}", alertstate="firing"})`;
  const asked = Array.from({ length: count }, (_, index) =>
    [exampleQuery(alert), firing].map((expr) => ({ expr, eval_time: `${index * stepSeconds}s`, exp_samples: never })),
  );
  const said = await runPromtool(tool, { rules: rulesOf(alert), tests: [exampleTest(scenario, asked.flat())] });
  const got = [...(said ?? '').matchAll(/^ +got: (.*)$/gm)].map(([, answer = '']) => answer);
  if (got.length !== 2 * count) throw new Error(`${alert.name}: ${said}`);
  const answers = Array.from({ length: count }, (_, index) => got[2 * index + 1] ?? 'nil');
  const firesAt = answers.findIndex((answer) => answer !== 'nil');
  if (firesAt === -1) return undefined;
  const series = new Map<string, (number | null)[]>();
  for (let index = 0; index < count; index += 1)
    for (const [, labels = '', value] of (got[2 * index] ?? '').matchAll(
      /\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\} (\S+?)(?:,|$)/g,
    )) {
      const values = series.get(labels) ?? Array.from<null>({ length: count }).fill(null);
      values[index] = Number(value);
      series.set(labels, values);
    }
  return {
    stepSeconds,
    firesAtSeconds: firesAt * stepSeconds,
    series: [...series].map(([text, values]) => ({ labels: labelsOf(text), values })),
  };
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g)].map(([, name = '', value = '""']) => [
      name,
      String(JSON.parse(value)),
    ]),
  );
}
