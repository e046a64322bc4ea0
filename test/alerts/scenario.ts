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
import { type RuleGroup, ruleGroups } from '../../alerts/render.ts';
import { needTool } from '../support/need-tool.ts';

/** An alert as it must fire: every label but `alertname`, and the words that depend on the data. */
export interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
  readonly runbook_url: string;
}

/** Series as promtool writes them (a value each 15 s), and what must fire when. */
export interface Scenario {
  readonly series: Readonly<Record<string, string>>;
  readonly expect: readonly { readonly at: string; readonly firing: readonly Firing[] }[];
}

/** Runs promtool over all production rules: at each time exactly these alerts of that name must fire. Throws promtool's own words when not. */
export async function scenario(t: TestContext, alert: Alert, { series, expect }: Scenario): Promise<void> {
  const promtool = needTool(t, 'promtool');
  if (promtool !== undefined)
    await run(promtool, alert.name, ruleGroups({ alerts, recordings: recordingGroups }), { series, expect });
}

async function run(
  promtool: string,
  alertname: string,
  groups: readonly RuleGroup[],
  { series, expect }: Scenario,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-rules-'));
  try {
    await writeFile(join(folder, 'rules.yaml'), stringify({ groups }));
    await writeFile(
      join(folder, 'test.yaml'),
      stringify({
        rule_files: ['rules.yaml'],
        evaluation_interval: '15s',
        group_eval_order: groups.map(({ name }) => name),
        tests: [
          {
            interval: '15s',
            input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
            alert_rule_test: expect.map(({ at, firing }) => ({
              eval_time: at,
              alertname,
              exp_alerts: firing.map(({ labels, ...annotations }) => ({
                exp_labels: labels,
                exp_annotations: annotations,
              })),
            })),
          },
        ],
      }),
    );
    await promisify(execFile)(promtool, ['test', 'rules', join(folder, 'test.yaml')]);
  } catch (error) {
    throw new Error(
      `${alertname}: ${error instanceof Error && 'stdout' in error ? `${error.stdout}${'stderr' in error ? error.stderr : ''}` : error}`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
