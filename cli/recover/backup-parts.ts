import { metrics } from '../../exporters/metrics/index.ts';
import { type Config, required } from '../../kernel/config.ts';
import { UsageError } from '../../kernel/errors.ts';
import { countingTarget, folderTarget } from '../../responders/adapters/backup/folder.ts';
import { logsSource } from '../../responders/adapters/backup/logs.ts';
import { postgresSource, postgresTarget } from '../../responders/adapters/backup/postgres.ts';
import { metricsSource } from '../../responders/adapters/backup/prometheus.ts';
import { createSpaces } from '../../responders/adapters/backup/spaces.ts';
import { valkeySource, valkeyTarget } from '../../responders/adapters/backup/valkey.ts';
import { createKubernetesObjects } from '../../responders/adapters/kubernetes/any.ts';
import {
  type BackupSource,
  type Component,
  components,
  type ObjectStore,
  type RestoreTarget,
} from '../../responders/backup/define.ts';
import { nameOfLine } from '../../responders/backup/names.ts';
import { kubernetesSource, kubernetesTarget } from '../../responders/backup/objects.ts';
import { backupBucket } from '../../responders/declared.ts';
import type { Objects } from '../../responders/ports.ts';

/** The bucket of the settings. */
export function bucket(config: Config): Promise<ObjectStore> {
  return createSpaces({
    endpoint: required(config, 'SPACES_ENDPOINT'),
    region: config.SPACES_REGION,
    bucket: backupBucket(config),
    accessKeyId: required(config, 'SPACES_ACCESS_KEY'),
    secretAccessKey: required(config, 'SPACES_SECRET_KEY'),
  });
}

/** What the settings let us dump; a component whose setting is missing is named with the reason. */
export function sources(
  config: Config,
  wanted: readonly Component[],
): { sources: readonly BackupSource[]; unavailable: readonly { component: Component; reason: string }[] } {
  const now = () => Date.now();
  const make: Readonly<Record<Component, () => BackupSource>> = {
    postgresql: () => postgresSource(required(config, 'DO_POSTGRES_CONNECTION_STRING')),
    valkey: () => valkeySource(required(config, 'REDIS_URL')),
    kubernetes: () => kubernetesSource(cluster(config), now),
    logs: () => logsSource({ kubeconfig: config.KUBECONFIG, namespace: config.KUBE_NAMESPACE, now }),
    metrics: () =>
      metricsSource({
        url: required(config, 'PROMETHEUS_URL'),
        metrics: metrics.map(({ name }) => name),
        hours: 24,
        now,
      }),
  };
  const made: BackupSource[] = [];
  const unavailable: { component: Component; reason: string }[] = [];
  for (const component of wanted)
    try {
      made.push(make[component]());
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      unavailable.push({ component, reason: error.message });
    }
  return { sources: made, unavailable };
}

/** What a person may say about where a restore goes. */
export interface Where {
  /** Name of the database, and of the restore as a whole. */
  readonly target: string;
  readonly namespace: string | undefined;
  /** Folder for what has no live system to go back into. */
  readonly out: string | undefined;
}

/** Where each component would be restored to. */
export function targets(config: Config, wanted: readonly Component[], where: Where): readonly RestoreTarget[] {
  const make: Readonly<Record<Component, () => RestoreTarget>> = {
    postgresql: () =>
      postgresTarget({
        url: required(config, 'RESTORE_DATABASE_URL'),
        database: where.target,
        productionUrl: config.DO_POSTGRES_CONNECTION_STRING,
        now: () => Date.now(),
      }),
    valkey: () =>
      valkeyTarget({
        url: required(config, 'RESTORE_REDIS_URL'),
        name: where.target,
        productionUrl: config.REDIS_URL,
      }),
    kubernetes: () => {
      if (where.namespace === undefined)
        throw new UsageError(
          'objects are restored into a namespace: say which with --namespace NAME, or leave them out with --only',
        );
      return kubernetesTarget(cluster(config, where.namespace), {
        namespace: where.namespace,
        production: where.namespace === config.KUBE_NAMESPACE,
        runId: `restore-${where.target}`,
      });
    },
    logs: () => folderTarget('logs', folder(where), nameOfLine.logs),
    metrics: () => folderTarget('metrics', folder(where), nameOfLine.metrics),
  };
  return wanted.map((component) => make[component]());
}

/** Scratch targets of a check: a database that is dropped again, an empty Valkey where one is set, and for the rest reading to the end and counting. */
export function scratchTargets(config: Config, id: string): readonly RestoreTarget[] {
  return [
    postgresTarget({
      url: required(config, 'RESTORE_DATABASE_URL'),
      database: `check_${id.replaceAll('-', '_')}`,
      productionUrl: config.DO_POSTGRES_CONNECTION_STRING,
      scratch: true,
      now: () => Date.now(),
    }),
    ...components
      .filter((component) => component !== 'postgresql')
      .map((component) => countingTarget(component, nameOfLine[component])),
  ];
}

/** The cluster's objects, in the namespace of the settings unless said. */
export function cluster(config: Config, namespace: string = config.KUBE_NAMESPACE): Objects {
  return createKubernetesObjects({ kubeconfig: config.KUBECONFIG, namespace });
}

function folder({ out }: Where): string {
  if (out === undefined) throw new UsageError('logs and metrics are restored as files: say where with --out FOLDER');
  return out;
}
