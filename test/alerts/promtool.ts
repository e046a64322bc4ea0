import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { stringify } from 'yaml';
import type { Alert } from '../../alerts/define.ts';
import { examples } from '../../alerts/examples.ts';
import { seriesIn } from '../../alerts/promql.ts';
import { recordingGroups } from '../../alerts/recording/index.ts';
import { alertingRule, type RuleGroup, ruleGroups } from '../../alerts/render.ts';
import { needTool } from '../support/need-tool.ts';
import { type ExprTest, exampleTests, shownScenario } from './examples.ts';
import type { Proof, Scenario } from './scenario.ts';

const recordings = ruleGroups({ alerts: [], recordings: recordingGroups }).flatMap(({ rules }) => rules);

/** The rules that an expression rests on, as production renders them and in an order in which each finds what it reads. */
function recordingsUnder(exprs: readonly string[]): RuleGroup['rules'] {
  const wanted = new Set<string>();
  const visit = (text: string) => {
    for (const series of seriesIn(text)) {
      if (wanted.has(series)) continue;
      wanted.add(series);
      for (const rule of recordings) if ('record' in rule && rule.record === series) visit(rule.expr);
    }
  };
  exprs.forEach(visit);
  return recordings.filter((rule) => 'record' in rule && wanted.has(rule.record));
}

/** A rule file for one alert: the recording rules that it and its signal rest on, and itself. */
export function rulesOf(alert: Alert): readonly RuleGroup[] {
  const under = recordingsUnder([alert.expr, alert.response.signal.query]);
  return [{ name: 'proof', rules: [...under, alertingRule(alert)] }];
}

/** One scenario as promtool takes it. */
interface PromtoolTest {
  readonly interval: string;
}

/** What promtool is to run: rules, and scenarios over them. */
export interface PromtoolRun {
  readonly rules: readonly RuleGroup[];
  readonly tests: readonly PromtoolTest[];
}

/** The scenarios of an alert as promtool takes them. */
export function testsOf({ alert, cases }: Proof): readonly PromtoolTest[] {
  return Object.entries(cases).flatMap(([name, scenarios]) =>
    [scenarios].flat().map(({ interval = '15s', series, expect }: Scenario) => ({
      name,
      interval,
      input_series: inputSeries(series),
      alert_rule_test: expect.map(({ at, firing }) => ({
        eval_time: at,
        alertname: alert.name,
        exp_alerts: firing.map(({ labels, ...annotations }) => ({ exp_labels: labels, exp_annotations: annotations })),
      })),
    })),
  );
}

function inputSeries(series: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(series).map(([name, values]) => ({ series: name, values }));
}

/** Questions about the scenario that the picture of an alert shows, as promtool takes them. */
export function exampleTest({ interval = '15s', series }: Scenario, asked: readonly ExprTest[]): PromtoolTest {
  const test = { interval, name: 'example', input_series: inputSeries(series), promql_expr_test: asked };
  return test;
}

/** What the picture on the alert's page shows, as promtool takes it: each point must be what the signal's query answers. */
export function exampleTestsOf(proof: Proof): readonly PromtoolTest[] {
  const recorded = examples[proof.alert.name];
  if (recorded === undefined) throw new TypeError(`${proof.alert.name} has no example: npm run examples`);
  return [exampleTest(shownScenario(proof, recorded.lead), exampleTests(proof.alert, recorded))];
}

/** Runs promtool over it; its own words where a test did not pass, else undefined. */
export async function runPromtool(promtool: string, { rules, tests }: PromtoolRun): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-rules-'));
  try {
    await writeFile(join(folder, 'rules.yaml'), stringify({ groups: rules }));
    // The interval of evaluation is one for a whole file.
    const files = await Promise.all(
      [...Map.groupBy(tests, ({ interval }) => interval)].map(async ([interval, some]) => {
        const path = join(folder, `${interval}.test.yaml`);
        const content = { rule_files: ['rules.yaml'], evaluation_interval: interval, tests: some };
        await writeFile(path, stringify(content, { aliasDuplicateObjects: false }));
        return path;
      }),
    );
    return await new Promise((resolve) => {
      execFile(promtool, ['test', 'rules', ...files], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
        resolve(error === null ? undefined : `${stdout}${stderr}` || error.message),
      );
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs the scenarios of one alert, and what else is to hold for it; throws promtool's own words when something does not. */
export async function prove(t: TestContext, proof: Proof, beside: readonly PromtoolTest[] = []): Promise<void> {
  const promtool = needTool(t, 'promtool');
  if (promtool === undefined) return;
  const said = await runPromtool(promtool, {
    rules: rulesOf(proof.alert),
    tests: [...testsOf(proof), ...beside],
  });
  if (said !== undefined) throw new Error(`${proof.alert.name}: ${said}`);
}

/** Series, and what a query over the recorded ones must answer when. */
export interface Recording {
  readonly series: Readonly<Record<string, string>>;
  readonly expect: readonly {
    readonly query: string;
    readonly at: string;
    readonly samples: readonly { readonly labels: string; readonly value: number }[];
  }[];
}

/** Runs promtool over the recording rules: each query must answer exactly these samples. Throws promtool's own words when not. */
export async function recorded(t: TestContext, { series, expect }: Recording): Promise<void> {
  const promtool = needTool(t, 'promtool');
  if (promtool === undefined) return;
  const rules = [{ name: 'proof', rules: expect.flatMap(({ query }) => recordingsUnder([query])) }];
  const tests = [
    {
      interval: '15s',
      input_series: inputSeries(series),
      promql_expr_test: expect.map(({ query, at, samples }) => ({ expr: query, eval_time: at, exp_samples: samples })),
    },
  ];
  const said = await runPromtool(promtool, { rules, tests });
  if (said !== undefined) throw new Error(`recording rules: ${said}`);
}
