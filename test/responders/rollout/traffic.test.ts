import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import type { StepContext, StepRow } from '../../../responders/act/procedure.ts';
import { rolloutSteps } from '../../../responders/rollout/plans.ts';
import { copy, pin, split, switchOver } from '../../../responders/rollout/traffic.ts';
import { scenarios, stage } from '../../support/procedure-scenarios.ts';
import { nowMs, pastRun, situationOf } from '../../support/situation.ts';

const workload = 'chat-service';
const routed = [scenarios.rollOut]
  .flat()
  .find((one) => one !== 'one step' && JSON.stringify(one.params).includes('canary'));
const Labels = z.record(z.string(), z.string());
const Selecting = z.object({ spec: z.object({ selector: Labels }) });
const Templated = z.object({ spec: z.object({ template: z.object({ metadata: z.object({ labels: Labels }) }) }) });

/** A running service with a route, and a way to run one step on it. */
async function running() {
  const { ports } = await stage(routed === undefined || routed === 'one step' ? assert.fail() : routed);
  const earlier: StepRow[] = [
    {
      kind: 'resolve',
      title: '',
      input: {},
      withinMs: 0,
      state: 'done',
      result: { data: { image: 'r/chat:v2' } },
    },
  ];
  const at = (memo?: unknown): StepContext => ({
    occasion: situationOf('restartWorkload').scene.occasion,
    ports,
    declared: situationOf('restartWorkload').scene.declared,
    nowMs,
    late: false,
    run: pastRun(),
    id: 'r/0',
    begunAtMs: 0,
    memo,
    earlier,
  });
  const get = async (kind: string, name: string, apiVersion = 'v1') =>
    (await ports.objects.get({ apiVersion, kind, name })) ?? assert.fail(`${kind} ${name}`);
  const selectorOf = async (name: string) => Selecting.parse(await get('Service', name)).spec.selector;
  const labelsOf = async (kind: string, name: string) =>
    Templated.parse(await get(kind, name, 'apps/v1')).spec.template.metadata.labels;
  const selects = (selector: Record<string, string>, labels: Record<string, string>) =>
    Object.entries(selector).every(([name, value]) => labels[name] === value);
  return { at, get, earlier, selectorOf, labelsOf, selects };
}

describe('the traffic of a new version', () => {
  it('is, of a canary, the share that was asked for, and each side selects pods that are there', async () => {
    const { at, get, selectorOf, labelsOf, selects } = await running();
    await copy.run({ workload, track: 'canary', shareRatio: 0.1 }, at());
    assert.ok('done' in (await split.run({ workload, percent: 10 }, at())));

    const weights = await get('TraefikService', `${workload}-weighted-8080`, 'traefik.io/v1alpha1');
    assert.deepEqual(
      JSON.stringify(weights)
        .match(/"name":"[^"]+(stable|canary)"|"weight":\d+/g)
        ?.toSorted(),
      [`"name":"${workload}-canary"`, `"name":"${workload}-stable"`, '"weight":10', '"weight":90'],
    );
    const [fresh, old] = [
      await labelsOf('Deployment', `${workload}-canary`),
      await labelsOf('ReplicaSet', `${workload}-1`),
    ];
    const [canary, stable] = [await selectorOf(`${workload}-canary`), await selectorOf(`${workload}-stable`)];
    assert.deepEqual([selects(canary, fresh), selects(canary, old)], [true, false]);
    assert.deepEqual([selects(stable, old), selects(stable, fresh)], [true, false]);
  });

  it('is switched to green pods that carry what the Service selects, while blue is kept to go back to', async () => {
    const { at, get, earlier, selectorOf, labelsOf, selects } = await running();
    const noted = await pin.run({ workload }, at());
    assert.ok('wait' in noted);
    const pinned = await pin.run({ workload }, at(noted.memo));
    assert.ok('done' in pinned);
    earlier.push({ kind: 'pin', title: '', input: {}, withinMs: 0, state: 'done', memo: noted.memo });
    await copy.run({ workload, track: 'green', shareRatio: 1 }, at());
    const [green, blue] = [
      await labelsOf('Deployment', `${workload}-green`),
      await labelsOf('ReplicaSet', `${workload}-1`),
    ];
    const served = async () => {
      const selector = await selectorOf(workload);
      return [selects(selector, blue), selects(selector, green)];
    };
    assert.deepEqual(await served(), [true, false]);

    await switchOver.run({ workload }, at());
    assert.deepEqual(await served(), [false, true]);
    assert.equal((await get('Deployment', workload, 'apps/v1')).metadata.name, workload);

    await switchOver.undo?.({ workload }, at());
    assert.deepEqual(await served(), [true, false]);

    // What runs is replaced only after green was watched.
    const wish = { workload, image: 'v2', strategy: 'blue-green', isSfu: false, canaryPercent: 10, soakMs: 1 } as const;
    assert.deepEqual(
      rolloutSteps(wish).map(({ kind }) => kind),
      ['resolve', 'pin', 'copy', 'switchOver', 'soak', 'setImage', 'settled', 'unpin', 'removeCopy'],
    );
  });
});
