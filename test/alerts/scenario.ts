import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import type { Alert } from '../../alerts/define.ts';
import { alerts } from '../../alerts/index.ts';
import { recordingGroups } from '../../alerts/recording/index.ts';
import { ruleGroups } from '../../alerts/render.ts';
import { needTool } from '../support/need-tool.ts';

/** An alert as it must fire: every label but `alertname`, and the words that depend on the data. */
export interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
  readonly runbook_url: string;
}

/** Series as promtool writes them (a value each 15 s unless said), and what must fire when. */
export interface Scenario {
  /** Between values and between evaluations; for what takes days, `1h`. */
  readonly interval?: string;
  readonly series: Readonly<Record<string, string>>;
  readonly expect: readonly { readonly at: string; readonly firing: readonly Firing[] }[];
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

/** Runs promtool over all production recording rules: each query must answer exactly these samples. Throws promtool's own words when not. */
export async function recorded(t: TestContext, { series, expect }: Recording): Promise<void> {
  const promtool = needTool(t, 'promtool');
  if (promtool === undefined) return;
  await run(promtool, 'recording rules', series, '15s', {
    promql_expr_test: expect.map(({ query, at, samples }) => ({ expr: query, eval_time: at, exp_samples: samples })),
  });
}

/** Runs promtool over all production rules: at each time exactly these alerts of that name must fire. Throws promtool's own words when not. */
export async function scenario(
  t: TestContext,
  alert: Alert,
  { series, expect, interval = '15s' }: Scenario,
): Promise<void> {
  const promtool = needTool(t, 'promtool');
  if (promtool === undefined) return;
  await run(promtool, alert.name, series, interval, {
    alert_rule_test: expect.map(({ at, firing }) => ({
      eval_time: at,
      alertname: alert.name,
      exp_alerts: firing.map(({ labels, ...annotations }) => ({ exp_labels: labels, exp_annotations: annotations })),
    })),
  });
}

async function run(
  promtool: string,
  what: string,
  series: Readonly<Record<string, string>>,
  interval: string,
  expectations: object,
): Promise<void> {
  const groups = ruleGroups({ alerts, recordings: recordingGroups });
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-rules-'));
  try {
    await writeFile(join(folder, 'rules.yaml'), stringify({ groups }));
    await writeFile(
      join(folder, 'test.yaml'),
      stringify({
        rule_files: ['rules.yaml'],
        evaluation_interval: interval,
        group_eval_order: groups.map(({ name }) => name),
        tests: [
          {
            interval,
            input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
            ...expectations,
          },
        ],
      }),
    );
    await promisify(execFile)(promtool, ['test', 'rules', join(folder, 'test.yaml')]);
  } catch (error) {
    const said =
      error instanceof Error && 'stdout' in error && 'stderr' in error
        ? `${error.stdout}${error.stderr}`
        : String(error);
    throw new Error(`${what}: ${said}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}
