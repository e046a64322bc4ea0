import { z } from 'zod';
import { duration, humanMs, toMs } from '../../kernel/duration.ts';
import { usd } from '../../kernel/money.ts';
import type { Databases, ManagedDatabase } from '../ports.ts';
import { touchesNothing } from './define.ts';
import { defineProcedure, type StepAnswer, type StepKind } from './procedure.ts';

const Replica = z.object({ database: z.string().min(1), replica: z.string().min(1) });
const Restore = z.object({ database: z.string().min(1), as: z.string().min(1), atMs: z.number().optional() });
const Name = z.object({ database: z.string() });

const describe: StepKind<z.infer<typeof Name>> = {
  input: Name,
  async run({ database }, { ports: { databases } }) {
    const found = await named(databases, database);
    if ('failed' in found) return found;
    const { name, engine, version, status, nodes } = found;
    const [backups, replicas] = [await databases.backups(found.id), await databases.replicas(found.id).catch(() => [])];
    return {
      done: `${name} is ${status}`,
      result: {
        table: {
          columns: ['cluster', 'engine', 'status', 'nodes', 'newest backup of the service', 'replicas'],
          rows: [
            [
              name,
              `${engine} ${version}`,
              status,
              String(nodes),
              backups.length === 0 ? 'none' : new Date(backups.at(-1) ?? 0).toISOString(),
              replicas.map((one) => `${one.name} (${one.status})`).join(', ') || 'none',
            ],
          ],
        },
        lines: [
          nodes > 1
            ? 'A standby takes over by itself when the primary fails; DigitalOcean offers no call that makes it.'
            : 'It has no standby: nothing takes over when its node fails.',
          ...(engine === 'valkey'
            ? [
                'The service keeps no backups of Valkey and can neither be restarted nor failed over by a call: gomeet backup restore brings back ours.',
              ]
            : []),
        ],
      },
    };
  },
};

const promote: StepKind<z.infer<typeof Replica>> = {
  input: Replica,
  async run({ database, replica }, { ports: { databases }, memo }) {
    // A promoted replica is a cluster of its own, under its own name, before it is online.
    const promoted = (await databases.list()).find(({ name }) => name === replica);
    if (promoted?.status === 'online') return { done: `${replica} is a primary of its own` };
    if (promoted !== undefined || memo === 'asked') return { wait: `${replica} is being promoted` };
    const found = await named(databases, database);
    if ('failed' in found) return found;
    const one = (await databases.replicas(found.id)).find(({ name }) => name === replica);
    if (one === undefined) return { failed: `${database} has no replica ${replica}` };
    if (one.status !== 'online') return { failed: `replica ${replica} is ${one.status}, not online` };
    await databases.promote({ id: found.id, replica });
    return { wait: `${replica} is being promoted`, memo: 'asked' };
  },
};

const restore: StepKind<z.infer<typeof Restore>> = {
  input: Restore,
  async run({ database, as, atMs }, { ports: { databases }, memo, nowMs }) {
    const all = await databases.list();
    const made = all.find(({ name }) => name === as);
    if (made?.status === 'online') return { done: `${as} is online` };
    if (made !== undefined || memo === 'asked') return { wait: `${as} is ${made?.status ?? 'being made'}` };
    const found = await named(databases, database);
    if ('failed' in found) return found;
    const backups = await databases.backups(found.id);
    const backupAtMs = atMs === undefined ? backups.at(-1) : backups.findLast((one) => one <= atMs);
    if (backupAtMs === undefined)
      return {
        failed:
          found.engine === 'valkey'
            ? 'the service keeps no backups of Valkey: gomeet backup restore --only valkey brings back ours'
            : `${database} has no backup${atMs === undefined ? '' : ` before ${new Date(atMs).toISOString()}`}`,
      };
    await databases.restoreAs({ from: found, name: as, backupAtMs });
    return { wait: `${as} is being made from a backup ${humanMs(nowMs - backupAtMs)} old`, memo: 'asked' };
  },
};

/** Failover that can be commanded. The standby of a managed cluster takes over by itself. */
export const promoteReplica = defineProcedure({
  name: 'promoteReplica',
  title: 'Promote a replica',
  params: Replica.strict(),
  needs: [],
  reach: 'platform',
  destructive: true,
  reversal: 'none',
  waitsFor: ['restoreManaged'],
  rbac: [],
  kinds: { describe, promote },
  preflight: ({ database, replica }) => ({
    target: `database/${database}`,
    steps: [
      { kind: 'describe', title: `state of ${database}`, input: { database }, withinMs: toMs(duration('1m')) },
      {
        kind: 'promote',
        title: `make ${replica} a primary`,
        input: { database, replica },
        withinMs: toMs(duration('30m')),
      },
    ],
    says: `make the read-only replica ${replica} of ${database} a primary of its own; then point the platform at it: gomeet secrets setup --overwrite-given`,
    touches: touchesNothing,
    costPerHour: usd(0),
  }),
});

/** The managed service's own restore: always into a new cluster, so that nothing is overwritten. */
export const restoreManaged = defineProcedure({
  name: 'restoreManaged',
  title: 'Restore the managed database',
  params: Restore.strict(),
  needs: [],
  reach: 'platform',
  destructive: true,
  reversal: 'none',
  waitsFor: ['promoteReplica'],
  rbac: [],
  kinds: { describe, restore },
  preflight: ({ database, as, atMs }) =>
    database === as
      ? { blocked: 'no-target', saw: 'the service restores into a new cluster only: name it otherwise' }
      : {
          target: `database/${as}`,
          steps: [
            { kind: 'describe', title: `state of ${database}`, input: { database }, withinMs: toMs(duration('1m')) },
            {
              kind: 'restore',
              title: `make ${as} from a backup of ${database}`,
              input: { database, as, ...(atMs === undefined ? {} : { atMs }) },
              withinMs: toMs(duration('2h')),
            },
          ],
          says: `make a new cluster ${as} from the service's own backup of ${database}; it costs as much as ${database} does`,
          touches: touchesNothing,
          costPerHour: usd(0),
        },
});

async function named(
  databases: Databases,
  database: string,
): Promise<ManagedDatabase | (StepAnswer & { readonly failed: string })> {
  const all = await databases.list();
  const found = all.find(({ name, id }) => name === database || id === database);
  return (
    found ?? {
      failed: `there is no managed database ${database}; there are ${all.map(({ name }) => name).join(', ') || 'none'}`,
    }
  );
}
