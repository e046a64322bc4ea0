import { fieldOf, isTrue, type KubeObject, keyOf, refOf } from '../kube/object.ts';
import { type Check, failed, ok, unknown } from './define.ts';
import type { CheckPorts } from './ports.ts';

/** The README's list of what must be true once everything is applied. */
export function postDeployment(ports: CheckPorts): readonly Check[] {
  const { kube, namespace, query, declared } = ports;
  const list = (apiVersion: string, kind: string) => kube.list({ apiVersion, kind, namespace });
  return [
    {
      check: 'All pods running',
      async look() {
        const pods = (await list('v1', 'Pod')).filter(({ metadata }) => metadata['deletionTimestamp'] === undefined);
        const open = pods.filter((pod) => fieldOf(pod, 'status', 'phase') !== 'Succeeded' && !isTrue(pod, 'Ready'));
        if (pods.length === 0) return failed('there is no pod', 'gomeet deploy --only services');
        return open.length === 0
          ? ok(`${pods.length} pods`)
          : failed(`not ready: ${some(open)}`, `kubectl describe pod ${open[0]?.metadata.name} -n ${namespace}`);
      },
    },
    {
      check: 'Load balancer healthy',
      async look() {
        const balancers = (await list('v1', 'Service')).filter(
          (one) => fieldOf(one, 'spec', 'type') === 'LoadBalancer',
        );
        const without = balancers.filter((one) => !Array.isArray(fieldOf(one, 'status', 'loadBalancer', 'ingress')));
        if (balancers.length === 0) return failed('no Service of type LoadBalancer', 'gomeet deploy --only gateway');
        return without.length === 0
          ? ok(`${balancers.length} with an address`)
          : failed(
              `no address yet: ${some(without)}`,
              `kubectl describe svc ${without[0]?.metadata.name} -n ${namespace}`,
            );
      },
    },
    {
      check: 'SSL certificates valid',
      async look() {
        const certificates = await list('cert-manager.io/v1', 'Certificate');
        const open = certificates.filter((one) => !isTrue(one, 'Ready'));
        if (certificates.length === 0) return unknown('there is no certificate to look at', 'install cert-manager');
        return open.length === 0
          ? ok(`${certificates.length} issued`)
          : failed(
              `not issued: ${some(open)}`,
              `kubectl describe certificate ${open[0]?.metadata.name} -n ${namespace}`,
            );
      },
    },
    {
      check: 'Monitoring operational',
      async look() {
        if (query === undefined) return unknown('PROMETHEUS_URL is not set', 'set it, such as by a port-forward');
        const down = (await query('up == 0')).map(({ labels }) => labels['job'] ?? '');
        const [up] = await query('count(up == 1)');
        if (up === undefined) return failed('no target is up', 'gomeet deploy --only monitoring');
        return down.length === 0
          ? ok(`${up.value} targets up`)
          : failed(`down: ${[...new Set(down)].join(', ')}`, 'gomeet health check');
      },
    },
    {
      check: 'Auto-scaling functional',
      async look() {
        const scalers = await list('autoscaling/v2', 'HorizontalPodAutoscaler');
        const idle = scalers.filter((one) => !isTrue(one, 'ScalingActive'));
        if (scalers.length === 0) return failed('there is no autoscaler', 'gomeet deploy --only auto-scaling');
        return idle.length === 0
          ? ok(`${scalers.length} compute from metrics`)
          : failed(`no metrics: ${some(idle)}`, `kubectl describe hpa ${idle[0]?.metadata.name} -n ${namespace}`);
      },
    },
    {
      check: 'Network policies enforced',
      async look() {
        // Add-ons bring policies for namespaces of their own.
        const policies = await kube.list({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' });
        const there = new Set(policies.map((one) => keyOf(refOf(one))));
        const wanted = declared.filter(({ kind }) => kind === 'NetworkPolicy');
        const missing = wanted.filter((one) => !there.has(keyOf(refOf(one)))).map(({ metadata }) => metadata.name);
        if (missing.length > 0) return failed(`missing: ${missing.join(', ')}`, 'gomeet deploy --only auto-scaling');
        return unknown(
          `${wanted.length} policies stand as evaluated; the API cannot say whether packets are dropped`,
          'gomeet checklist post-deployment --probe tries it from a pod',
        );
      },
    },
  ];
}

function some(objects: readonly KubeObject[]): string {
  const names = objects.slice(0, 5).map(({ metadata }) => metadata.name);
  return `${names.join(', ')}${objects.length > 5 ? ` and ${objects.length - 5} more` : ''}`;
}
