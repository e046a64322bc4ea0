import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectApi, createAll, type LabApi } from '../../lab/cluster/api.ts';
import { openApplier } from '../../lab/cluster/apply.ts';
import { startControlPlane } from '../../lab/cluster/control-plane.ts';
import { startKeda } from '../../lab/cluster/keda.ts';
import { namespaceObject, sfuDeployment } from '../../lab/cluster/objects.ts';
import { serveResourceMetrics } from '../../lab/cluster/resource-metrics.ts';
import { startPrometheus } from '../../lab/peers/prometheus.ts';
import { labPool } from '../../lab/pool.ts';
import { sfuWorkload } from '../../lab/simulator/names.ts';
import { type LabTime, platformSeconds } from '../../lab/time.ts';
import { findTool } from '../../lab/toolbox.ts';
import { released } from '../../manifests/addons/index.ts';
import { type Figure, figure } from './figures.ts';
import type { Bench } from './responder.ts';
import { type Day, factor } from './scaling/day.ts';
import { type Fleet, type Outcome, openFleet } from './scaling/fleet.ts';
import { autoscalerOf, type Policy, policies } from './scaling/policies.ts';
import { startBenchResponder } from './scaling/responder.ts';
import { serveSeries } from './scaling/series.ts';

const tools = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok', 'openssl', 'prometheus'];
const looksEveryMs = 250;

interface Run {
  readonly policy: Policy;
  readonly fleet: Fleet;
}

/**
 * The same surge and ebb of meetings in one real control plane, a namespace for each who decides: the README's HPA alone, that HPA tuned, and production's
 * with the responder. HPA controller, scheduler, KEDA, Prometheus, Alertmanager and responder are the real ones; droplets and people are simulated, CPU is
 * told by the simulator (metrics-server looks every ten seconds at most), and all durations are divided by fifteen: 150 minutes in ten.
 */
export async function benchScaling(day: Day, { store, say }: Bench): Promise<readonly Figure[]> {
  const missing = [...tools, 'alertmanager', 'keda-operator', 'keda-adapter'].filter(
    (name) => findTool(name) === undefined,
  );
  if (missing.length > 0) {
    say(`scaling: left out, ${missing.join(', ')} not installed`);
    return [];
  }
  say(`scaling: ${day.name}, ${day.meetings} meetings of ${day.people}, one every ${day.everySeconds} s`);
  await using stack = new AsyncDisposableStack();
  const databaseUrl = await store.createDatabase(`scaling_${day.name.replace(' ', '_')}_${process.pid}`);
  return figures(day, await play(day, { databaseUrl, say }, stack), say);
}

async function play(
  day: Day,
  { databaseUrl, say }: { databaseUrl: string; say: (line: string) => void },
  stack: AsyncDisposableStack,
): Promise<ReadonlyMap<Policy, Outcome>> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-scaling-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const plane = await startControlPlane({
    controllers: true,
    scheduler: true,
    kwok: true,
    metrics: true,
    hpaFactor: factor,
  });
  stack.defer(() => plane.stop());
  const api = connectApi(plane.kubeconfig);
  const runs = policies.map((policy): Run => {
    const pool = policy.name === 'responder' ? labPool.name : policy.namespace;
    return { policy, fleet: openFleet(api, { namespace: policy.namespace, pool, floor: policy.floor, day }) };
  });
  const byNamespace = new Map(runs.map((run) => [run.policy.namespace, run]));
  const metrics = await serveResourceMetrics(plane, api, ({ namespace, name }) =>
    byNamespace.get(namespace)?.fleet.cores(name),
  );
  stack.defer(() => metrics.close());
  const series = await serveSeries(new Map(runs.map(({ policy, fleet }) => [policy.namespace, fleet.state])));
  stack.defer(() => series.close());
  const prometheus = await startPrometheus({
    folder: join(folder, 'prometheus'),
    config: { scrape_configs: series.scrapes },
    rules: {},
    lookback: '5s',
  });
  stack.defer(() => prometheus.stop());
  const applier = await openApplier(plane);
  for (const object of released('keda')) if (!object.kind.endsWith('WebhookConfiguration')) await applier.apply(object);
  const keda = await startKeda(plane, api, { watch: '', prometheusUrl: prometheus.url });
  stack.defer(() => keda.stop());
  for (const { policy, fleet } of runs) {
    const { namespace, floor: replicas, requestCores: cpuCores, graceSeconds } = policy;
    const pool = fleet.state.pools[0]?.name ?? '';
    await createAll(api, [
      namespaceObject(namespace),
      sfuDeployment(namespace, { replicas, pool, cpuCores, graceSeconds }),
    ]);
  }
  const time: LabTime = { factor, startedAtMs: Date.now() };
  await follow(api, runs, time, async () =>
    runs.every(({ policy, fleet }) => fleet.state.pods.filter(({ ready }) => ready).length >= policy.floor),
  );
  const ours = runs.find(({ policy }) => policy.name === 'responder');
  if (ours === undefined) throw new TypeError('no responder to compare with');
  for (const { policy } of runs) await applier.apply(autoscalerOf(policy, prometheus.url) as never);
  let ready = false;
  const { namespace, floor } = ours.policy;
  const started = startBenchResponder(
    { plane, api, namespace, floor, state: ours.fleet.state, time, databaseUrl, folder: join(folder, 'responder') },
    stack,
  ).then(async ({ quiet }) => {
    await quiet();
    ready = true;
  });
  await Promise.all([started, follow(api, runs, time, async () => ready)]);
  for (const { fleet } of runs) fleet.begin();
  const begunAt = ours.fleet.state.seconds;
  let told = 0;
  await follow(api, runs, time, async () => {
    const minutes = Math.floor((ours.fleet.state.seconds - begunAt) / 600) * 10;
    if (minutes > told) {
      told = minutes;
      say(
        `scaling: minute ${minutes} of ${day.seconds / 60}: ${runs.map(({ policy, fleet }) => `${policy.namespace} ${fleet.state.sfus.length}`).join(', ')}`,
      );
    }
    return ours.fleet.state.seconds - begunAt > day.seconds;
  });
  return new Map(runs.map(({ policy, fleet }) => [policy, fleet.outcome()]));
}

/** Carries what the API server says into every fleet and back, until it is over. */
async function follow(api: LabApi, runs: readonly Run[], time: LabTime, over: () => Promise<boolean>): Promise<void> {
  const labelSelector = `app=${sfuWorkload}`;
  while (!(await over())) {
    const [deployments, pods] = await Promise.all([
      api.apps.listDeploymentForAllNamespaces({ labelSelector }),
      api.core.listPodForAllNamespaces({ labelSelector }),
    ]);
    const until = platformSeconds(time, Date.now());
    await Promise.all(
      runs.map(async ({ policy: { namespace }, fleet }) => {
        const deployment = deployments.items.find(({ metadata }) => metadata?.namespace === namespace);
        const own = pods.items.filter(({ metadata }) => metadata?.namespace === namespace);
        if (deployment !== undefined) await fleet.follow({ deployment, pods: own }, until);
      }),
    );
    await delay(looksEveryMs);
  }
}

function figures(day: Day, outcomes: ReadonlyMap<Policy, Outcome>, say: (line: string) => void): readonly Figure[] {
  for (const [{ name, floor }, one] of outcomes)
    say(
      `scaling: ${name}, at least ${floor}: ${one.nodeHours.toFixed(1)} node-hours, ${one.impairedMinutes.toFixed(0)} impaired min, ${one.cut} cut off, lag ${one.decisionLagSeconds ?? 'none'} s, at most ${one.mostPods} pods`,
    );
  const all = [...outcomes];
  const ours = all.find(([{ name }]) => name === 'responder')?.[1];
  if (ours === undefined) throw new TypeError('no responder to compare with');
  return (['README HPA', 'tuned HPA', 'responder'] as const).flatMap((name) => {
    const own = all.filter(([policy]) => policy.name === name);
    const [policy, one] = own.reduce((best, run) => (away(run[1]) < away(best[1]) ? run : best));
    const at = `${day.name}, ${name} (at least ${policy.floor})`;
    return [
      figure(`${at}: node-hours, beside the responder's`, one.nodeHours, 'h', { limit: ours.nodeHours }),
      figure(`${at}: impaired participant-minutes`, one.impairedMinutes, 'min'),
      figure(`${at}: cut off by scale-in`, one.cut, 'people', name === 'responder' ? { must: 0 } : {}),
      ...(one.decisionLagSeconds === undefined
        ? []
        : [figure(`${at}: decision lag without boot`, one.decisionLagSeconds, 's')]),
    ];
  });

  function away({ nodeHours }: Outcome): number {
    return Math.abs(nodeHours - (ours?.nodeHours ?? 0));
  }
}
