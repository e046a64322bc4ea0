import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { stringify } from 'yaml';
import type { Alert } from '../../alerts/define.ts';
import { seriesIn } from '../../alerts/promql.ts';
import { recordingGroups } from '../../alerts/recording/index.ts';
import { alertingRule, type RuleGroup, ruleGroups } from '../../alerts/render.ts';
import { needTool } from '../support/need-tool.ts';
import type { Proof, Scenario } from './scenario.ts';

const recordings = ruleGroups({ alerts: [], recordings: recordingGroups }).flatMap(({ rules }) => rules);

/** The rules that an expression rests on, as production renders them and in an order in which each finds what it reads. */
function recordingsUnder(expr: string): RuleGroup['rules'] {
  const wanted = new Set<string>();
  const visit = (text: string) => {
    for (const series of seriesIn(text)) {
      if (wanted.has(series)) continue;
      wanted.add(series);
      for (const rule of recordings) if ('record' in rule && rule.record === series) visit(rule.expr);
    }
  };
  visit(expr);
  return recordings.filter((rule) => 'record' in rule && wanted.has(rule.record));
}

/** A rule file for one alert: the recording rules it rests on, and itself. */
export function rulesOf(alert: Alert): readonly RuleGroup[] {
  return [{ name: 'proof', rules: [...recordingsUnder(alert.expr), alertingRule(alert)] }];
}

/** One scenario as promtool takes it. */
interface PromtoolTest {
  readonly interval: string;
}

/** What promtool is to run: rules, and scenarios over them. */
export interface PromtoolRun {
  readonly name: string;
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

/** Runs all of it in one promtool process; for each its own words, empty where every test passed. */
export async function runPromtool(
  promtool: string,
  runs: readonly PromtoolRun[],
): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-rules-'));
  try {
    const files = await Promise.all(
      runs.map(async ({ rules, tests }, index) => {
        await writeFile(join(folder, `${index}.rules.yaml`), stringify({ groups: rules }));
        // The interval of evaluation is one for a whole file.
        const byInterval = [...Map.groupBy(tests, ({ interval }) => interval)];
        return await Promise.all(
          byInterval.map(async ([interval, some]) => {
            const path = join(folder, `${index}-${interval}.test.yaml`);
            const content = { rule_files: [`${index}.rules.yaml`], evaluation_interval: interval, tests: some };
            await writeFile(path, stringify(content, { aliasDuplicateObjects: false }));
            return path;
          }),
        );
      }),
    );
    const { stdout, stderr } = await output(promtool, ['test', 'rules', ...files.flat()]);
    const passed = new Set(
      stdout
        .split(/^Unit Testing: +/m)
        .filter((part) => /^ +SUCCESS/m.test(part))
        .map((part) => part.split('\n')[0]),
    );
    // What failed is on stderr, without the name of its file.
    return new Map(
      runs.map(({ name }, index) => {
        const ok = (files[index] ?? []).every((path) => passed.has(path));
        return [name, ok && (files[index] ?? []).length > 0 ? '' : stderr || stdout];
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

function output(command: string, args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(command, [...args], { maxBuffer: 256 * 1024 * 1024 }, (_, stdout, stderr) => resolve({ stdout, stderr }));
  });
}

/** Runs the scenarios of one alert; throws promtool's own words when one does not hold. */
export async function prove(t: TestContext, proof: Proof): Promise<void> {
  const promtool = needTool(t, 'promtool');
  if (promtool === undefined) return;
  const { name } = proof.alert;
  const said = (await runPromtool(promtool, [{ name, rules: rulesOf(proof.alert), tests: testsOf(proof) }])).get(name);
  if (said !== '') throw new Error(`${name}: ${said}`);
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
  const rules = [{ name: 'proof', rules: expect.flatMap(({ query }) => recordingsUnder(query)) }];
  const tests = [
    {
      interval: '15s',
      input_series: inputSeries(series),
      promql_expr_test: expect.map(({ query, at, samples }) => ({ expr: query, eval_time: at, exp_samples: samples })),
    },
  ];
  const said = (await runPromtool(promtool, [{ name: 'recording', rules, tests }])).get('recording');
  if (said !== '') throw new Error(`recording rules: ${said}`);
}
