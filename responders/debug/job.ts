import type { KubeObject } from '../ports.ts';

/** Small, with a shell, nslookup and nc; the tag is pinned so that a look today and one tomorrow are the same. */
const image = 'busybox:1.37.0';

/** What everything that debugging makes bears: by it leftovers are found. */
const debugLabel = 'gomeet.dev/debug';

/** What is to be run inside the cluster, and for how long at most. */
export interface DebugJob {
  readonly name: string;
  readonly command: readonly string[];
  readonly seconds: number;
  /** The workload in whose place it stands: network policies go by its labels. */
  readonly from?: string | undefined;
}

/**
 * A Job that ends by itself and is deleted by the cluster, also when whoever made it was killed: its deadline and its time to live are the API server's affair.
 * It has the labels of the workload that it stands in for, and is never ready, so that no Service sends it a request.
 */
export function debugJob({ name, command, seconds, from }: DebugJob): KubeObject {
  const labels = { [debugLabel]: 'true', ...(from === undefined ? {} : { app: from }) };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels: { [debugLabel]: 'true' } },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: seconds,
      ttlSecondsAfterFinished: 30,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 1,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65_534,
            runAsGroup: 65_534,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'debug',
              image,
              command: [...command],
              // What it found is in the pod's status, so that no right on logs is needed.
              terminationMessagePolicy: 'FallbackToLogsOnError',
              readinessProbe: { exec: { command: ['false'] }, periodSeconds: 3_600 },
              resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '100m', memory: '64Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
            },
          ],
        },
      },
    },
  };
}

/** Looks a name up; what was found goes into the pod's status. */
export function lookUp(name: string): readonly string[] {
  return ['sh', '-c', 'nslookup "$0" > /dev/termination-log 2>&1', name];
}

/** Tries whether a TCP port answers within five seconds. */
export function connect(host: string, port: number): readonly string[] {
  return ['sh', '-c', 'nc -z -v -w 5 "$0" "$1" > /dev/termination-log 2>&1', host, String(port)];
}
