import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { alerts } from '../../alerts/index.ts';
import { recordingGroups } from '../../alerts/recording/index.ts';
import { ruleGroups } from '../../alerts/render.ts';
import { platformFiles } from '../../cli/deploy/platform.ts';
import { needTool } from '../support/need-tool.ts';

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'gomeet-configuration-'));
after(() => rm(folder, { recursive: true }));

/** The files of a ConfigMap of production, as the pod finds them. */
function filesOf(name: string): Readonly<Record<string, string>> {
  const map = platformFiles('production')
    .flatMap(({ objects }) => objects)
    .find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
  return z.record(z.string(), z.string()).parse(map?.['data']);
}

async function laid(name: string): Promise<string> {
  const at = join(folder, name);
  await mkdir(at, { recursive: true });
  for (const [file, text] of Object.entries(filesOf(name))) await writeFile(join(at, file), text);
  return at;
}

test('promtool accepts the rules in the ConfigMap, and they are those that the lab loads', async (t) => {
  const promtool = needTool(t, 'promtool');
  if (promtool === undefined) return;
  const at = join(await laid('prometheus-rules'), 'gomeet.yaml');
  assert.match((await run(promtool, ['check', 'rules', at])).stdout, /SUCCESS: \d{2,} rules/);
  const { groups } = parse(filesOf('prometheus-rules')['gomeet.yaml'] ?? '');
  assert.deepEqual(groups, JSON.parse(JSON.stringify(ruleGroups({ alerts, recordings: recordingGroups }))));
});

test('promtool accepts the configuration in the ConfigMap', async (t) => {
  const promtool = needTool(t, 'promtool');
  if (promtool === undefined) return;
  const at = join(await laid('prometheus-config'), 'prometheus.yaml');
  // Its rules are elsewhere on this machine, and the account's files of a pod are not there.
  const { stdout } = await run(promtool, ['check', 'config', '--syntax-only', at]).catch((error: unknown) => {
    throw new Error(error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error));
  });
  assert.match(stdout, /SUCCESS/);
});

test('amtool accepts the configuration in the ConfigMap', async (t) => {
  const amtool = needTool(t, 'amtool');
  if (amtool === undefined) return;
  const at = join(await laid('alertmanager-config'), 'alertmanager.yaml');
  assert.match((await run(amtool, ['check-config', at])).stdout, /SUCCESS/);
});
