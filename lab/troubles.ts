import type { KubeObject } from '../responders/ports.ts';

/** What goes wrong for an entry of the troubleshooting, by the entry's name. */
export const troubles = ['service-not-starting', 'high-usage', 'database', 'load-balancer'] as const;
export type Trouble = (typeof troubles)[number];

/** Where a name points that was led astray (TEST-NET-2). */
export const wrongAddress = '198.51.100.1';

/** The pod of a service that shows the trouble, as the kubelet would report it; undefined where no pod does. */
export function troubledPod(trouble: Trouble, workload: string): KubeObject | undefined {
  const image = `registry.example/${workload}:v9`;
  const of = (status: object): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${workload}-troubled`, labels: { app: workload } },
    // No scheduler takes it: its state is ours.
    spec: { schedulerName: 'nobody', containers: [{ name: workload, image }] },
    status: {
      phase: 'Running',
      containerStatuses: [{ name: workload, image, imageID: '', ready: false, restartCount: 3, ...status }],
    },
  });
  if (trouble === 'service-not-starting')
    return of({ state: { waiting: { reason: 'ImagePullBackOff', message: 'manifest for v9 is unknown' } } });
  if (trouble === 'high-usage')
    return of({ state: { running: {} }, lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } });
  return undefined;
}
