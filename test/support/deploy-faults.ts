import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { annotatePod } from '../../lab/cluster/api.ts';
import { platformNamespace as namespace } from '../../manifests/catalogue/define.ts';
import { eventually } from '../lab/cluster/eventually.ts';
import type { OutsideAddress } from './deploy-outside.ts';
import type { DeployStage } from './deploy-stage.ts';

const victim = fileURLToPath(new URL('./deploy-until-killed.ts', import.meta.url));

/** Deploys in a real process and ends it in that phase as a machine that loses its power ends it. */
export async function killIn(stage: DeployStage, phase: string, outside?: OutsideAddress): Promise<void> {
  const aheadMs = stage.laterClock().now() - Date.now();
  const more = outside === undefined ? [] : [JSON.stringify(outside)];
  const child = spawn(process.execPath, [victim, stage.plane.kubeconfig, phase, String(aheadMs), ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [said] = await Promise.race([once(child.stdout, 'data'), ended]);
  assert.equal(String(said), 'here\n', phase);
  child.kill('SIGKILL');
  assert.deepEqual(await ended, [null, 'SIGKILL']);
}

/** KWOK makes every pod ready: what a registry without the tag would do is written into the status of a new one. */
export async function makeNewPodsFail({ api }: DeployStage, image: string): Promise<void> {
  const name = await eventually('a new pod', async () => {
    const { items } = await api.core.listNamespacedPod({ namespace });
    return items.find(({ spec }) => spec?.containers[0]?.image === image)?.metadata?.name;
  });
  await annotatePod(api, { namespace, name }, { 'lab.gomeet.dev/crash': 'yes' });
}
