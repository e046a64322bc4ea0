import { connectApi } from '../../lab/cluster/api.ts';
import { startControlPlane } from '../../lab/cluster/control-plane.ts';
import { findTool } from '../../lab/toolbox.ts';
import { workloads } from '../../manifests/catalogue/index.ts';
import { createKubernetesObjects } from '../../responders/adapters/kubernetes/any.ts';
import { collect } from '../../responders/health/collect.ts';
import { healthReport } from '../../responders/health/report.ts';
import { type Figure, figure, median } from './figures.ts';
import type { Bench } from './responder.ts';

const services = 60;
const podsEach = 5;
const namespace = 'gomeet';

/** A health check of 60 services with five pods each on a real API server; beside it, what listing their pods alone takes. */
export async function benchHealth({ say, runs }: Bench): Promise<readonly Figure[]> {
  const missing = (['etcd', 'kube-apiserver'] as const).filter((name) => findTool(name) === undefined);
  if (missing.length > 0) {
    say(`health: left out, ${missing.join(', ')} not installed`);
    return [];
  }
  const plane = await startControlPlane({ namespace });
  try {
    const { apps, core } = connectApi(plane.kubeconfig);
    await core.createNamespace({ body: { metadata: { name: namespace } } });
    const names = Array.from({ length: services }, (_none, index) => `service-${index}`);
    for (const name of names) {
      const labels = { app: name };
      const spec = { automountServiceAccountToken: false, containers: [{ name, image: `${name}:1` }] };
      await apps.createNamespacedDeployment({
        namespace,
        body: {
          metadata: { name },
          spec: { replicas: podsEach, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
        },
      });
      await Promise.all(
        Array.from({ length: podsEach }, (_none, index) =>
          core.createNamespacedPod({ namespace, body: { metadata: { name: `${name}-${index}`, labels }, spec } }),
        ),
      );
    }
    const objects = createKubernetesObjects({ kubeconfig: plane.kubeconfig, namespace });
    const metrics = { query: async () => [], queryRange: async () => [] };
    const [template] = workloads.filter(({ kind }) => kind === 'Deployment');
    if (template === undefined) throw new Error('the catalogue has no Deployment');
    const expected = names.map((name) => ({ ...template, name }));
    const checks: number[] = [];
    const lists: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const listed = performance.now();
      await core.listNamespacedPod({ namespace });
      lists.push((performance.now() - listed) / 1_000);
      const started = performance.now();
      const report = healthReport(await collect({ objects, metrics }, { namespace, nowMs: Date.now() }), expected);
      checks.push((performance.now() - started) / 1_000);
      if (report.checks.filter(({ section }) => section === 'services').length !== services)
        throw new Error('not every service was looked at');
    }
    return [figure(`health check of ${services} services`, median(checks), 's', { must: 3, limit: median(lists) })];
  } finally {
    await plane.stop();
  }
}
