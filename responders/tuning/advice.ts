import type { Workload } from '../../manifests/catalogue/define.ts';

/** One setting of the runbook's chapter on tuning, checked against what runs. */
export interface Advice {
  readonly subject: 'postgresql' | 'valkey' | 'livekit-sfu' | 'prometheus' | 'nodes';
  readonly setting: string;
  /** What the runbook says. */
  readonly documented: string;
  readonly verdict: 'do' | 'refuse' | 'already';
  readonly say: string;
}

const gib = 1024;

/** What of the runbook's tuning holds for these workloads, and what must not be done. Pure. */
export function tuningAdvice(workloads: readonly Workload[]): readonly Advice[] {
  const named = (name: string) => workloads.find((workload) => workload.name === name);
  return [...postgres(named('postgresql')), ...valkey(named('valkey')), ...others(named('livekit-sfu'))];
}

function postgres(workload: Workload | undefined): readonly Advice[] {
  if (workload === undefined) return [];
  const memoryMib = workload.requests.memoryGib * gib;
  const managed = workload.kind === 'managed';
  // The managed service takes only what its configuration API names (DigitalOcean, databases_patch_config): shared_buffers_percentage of 20 to 60, and work_mem.
  const setting = (name: string, documented: string, share: number, why: string, managedAs?: string): Advice => {
    const size = `${Math.round((memoryMib * share) / gib)} GB for ${workload.requests.memoryGib} GB of memory (${why})`;
    const row = { subject: 'postgresql', setting: name, documented } as const;
    if (!managed)
      return {
        ...row,
        verdict: 'do',
        say: `${size}; ALTER SYSTEM, then pg_reload_conf(), or a restart where it says so`,
      };
    return managedAs === undefined
      ? {
          ...row,
          verdict: 'refuse',
          say: `it would be ${size}, but the managed service has no such setting: it sizes it itself`,
        }
      : {
          ...row,
          verdict: 'do',
          say: `${size}; as ${managedAs} in the configuration of the managed service, which refuses ALTER SYSTEM`,
        };
  };
  return [
    ...(managed
      ? [
          {
            subject: 'postgresql' as const,
            setting: 'ALTER SYSTEM SET …',
            documented: 'on the primary',
            verdict: 'refuse' as const,
            say: 'the managed service refuses it; what its own configuration knows of these goes through that instead',
          },
        ]
      : []),
    setting('shared_buffers', '8GB', 0.25, 'a quarter', 'shared_buffers_percentage 25'),
    setting('effective_cache_size', '24GB', 0.75, 'what the kernel caches beside it'),
    setting('maintenance_work_mem', '1GB', 1 / 64, 'each vacuum and each index that is built may take it'),
    {
      subject: 'postgresql',
      setting: 'work_mem',
      documented: '256MB',
      verdict: 'refuse',
      say: `each sort of each connection may take that much: 200 connections make ${Math.round((200 * 256) / gib)} GB; 16MB, and more for a session that needs it`,
    },
    {
      subject: 'postgresql',
      setting: 'index on meetings(created_at), participants(meeting_id)',
      documented: 'CREATE INDEX CONCURRENTLY',
      verdict: 'do',
      say: 'CREATE INDEX CONCURRENTLY IF NOT EXISTS, outside a transaction; then look for an index that is not valid: a build that was cut off leaves one behind',
    },
  ];
}

function valkey(workload: Workload | undefined): readonly Advice[] {
  if (workload === undefined) return [];
  const holdsRooms = workload.clients.some(({ from }) => from === 'livekit-sfu');
  return [
    {
      subject: 'valkey',
      setting: 'maxmemory-policy',
      documented: 'allkeys-lru',
      verdict: holdsRooms ? 'refuse' : 'do',
      say: holdsRooms
        ? "noeviction: LiveKit's room map lives here, and an evicted key splits a meeting over two nodes"
        : 'nothing here is more than a cache',
    },
    {
      subject: 'valkey',
      setting: 'save',
      documented: '900 1 300 10 60 10000',
      verdict: workload.kind === 'managed' ? 'refuse' : 'do',
      say:
        workload.kind === 'managed'
          ? 'the managed service keeps its own persistence and refuses CONFIG SET'
          : 'with appendonly yes: a snapshot alone loses a minute',
    },
    { subject: 'valkey', setting: 'tcp-keepalive', documented: '300', verdict: 'already', say: 'it is the default' },
  ];
}

function others(sfu: Workload | undefined): readonly Advice[] {
  return [
    {
      subject: 'livekit-sfu',
      setting: 'room.max_participants',
      documented: '500',
      verdict: 'already',
      say: 'the configuration is rendered from the catalogue; room.empty_timeout is in seconds without a unit',
    },
    {
      subject: 'livekit-sfu',
      setting: 'turn.udp_port_range, turn.tcp_port_range',
      documented: '10000-20000',
      verdict: 'refuse',
      say: `no such keys: LiveKit refuses to start${sfu === undefined ? '' : '; media goes through one UDP port each node'}`,
    },
    {
      subject: 'prometheus',
      setting: 'scrape_interval',
      documented: '15s',
      verdict: 'already',
      say: 'evaluation_interval too; the scrape configuration is rendered from the catalogue, one job for each workload',
    },
    {
      subject: 'nodes',
      setting: 'Node.spec.kubelet',
      documented: 'maxPods 200, podPidsLimit 2048, evictionHard …',
      verdict: 'refuse',
      say: 'a Node has no such field, and DOKS does not let the kubelet be configured; DaemonSets may set sysctls',
    },
  ];
}
