import { errorText } from '../../../kernel/errors.ts';
import { hideSecrets } from '../../../kernel/secrets.ts';
import type { BackupSource } from '../../backup/define.ts';
import { lineDump } from '../../backup/lines.ts';
import { createKubernetesClient, type KubernetesClient, type KubernetesOptions } from '../kubernetes/client.ts';
import { listAll } from '../kubernetes/list.ts';
import { workloadOf } from '../kubernetes/objects.ts';

/** Of one container; the newest are kept. */
const maxBytes = 16 * 1024 * 1024;
const dayMs = 24 * 3_600_000;

/** A line that a container wrote, with its time. */
export interface LogLine extends Container {
  readonly line: string;
}

/** What the pods of the namespace have written in the last day, with what looks like a secret cut out. What a pod took with it when it went is in OpenSearch, if anywhere. */
export function logsSource(options: KubernetesOptions & { now: () => number }): BackupSource {
  return {
    component: 'logs',
    ending: '.ndjson',
    async dump(signal) {
      const client = createKubernetesClient({ ...options, timeoutMs: 60_000 });
      const containers = await containersOf(client);
      return lineDump(
        lines(client, containers, dayMs, signal),
        { line: (line) => JSON.stringify(line), counted: ({ pod }) => pod },
        { recoveryPointMs: options.now(), notes: { hours: '24', containers: String(containers.length) } },
      );
    },
  };
}

/** The lines of one workload, or of all, as far back as is asked. */
export async function* readLogs(
  options: KubernetesOptions & { signal: AbortSignal; workload?: string; sinceMs?: number },
): AsyncGenerator<LogLine> {
  const client = createKubernetesClient({ ...options, timeoutMs: 60_000 });
  const containers = (await containersOf(client)).filter(
    ({ workload }) => options.workload === undefined || workload === options.workload,
  );
  yield* lines(client, containers, options.sinceMs ?? dayMs, options.signal);
}

/** The containers of a workload's pods. */
export async function podsWithContainers(options: KubernetesOptions, workload: string): Promise<readonly Container[]> {
  const all = await containersOf(createKubernetesClient(options));
  return all.filter((one) => one.workload === workload);
}

interface Container {
  readonly pod: string;
  readonly container: string;
  readonly workload?: string;
}

async function containersOf(client: KubernetesClient): Promise<readonly (Container & { readonly workload: string })[]> {
  const { namespace } = client;
  const pods = await listAll((page) =>
    client.read((call) => client.core.listNamespacedPod({ namespace, ...page }, call)),
  );
  return pods.flatMap((pod) =>
    (pod.spec?.containers ?? []).map(({ name }) => ({
      pod: pod.metadata?.name ?? '',
      container: name,
      workload: workloadOf(pod),
    })),
  );
}

async function* lines(
  client: KubernetesClient,
  containers: readonly Container[],
  sinceMs: number,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const { namespace } = client;
  for (const { pod: name, container } of containers) {
    signal.throwIfAborted();
    // One that has not started or has gone meanwhile says so itself, and does not end the backup.
    const text = await client
      .read((call) =>
        client.core.readNamespacedPodLog(
          {
            name,
            namespace,
            container,
            sinceSeconds: Math.ceil(sinceMs / 1_000),
            limitBytes: maxBytes,
            timestamps: true,
          },
          call,
        ),
      )
      .catch((error: unknown) => `gomeet: its log could not be had: ${errorText(error)}`);
    for (const line of text.split('\n')) if (line !== '') yield { pod: name, container, line: hideSecrets(line) };
  }
}
