import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { managedDatabase, memoryDatabases } from '../../../lab/fakes/memory-databases.ts';
import { memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import { roleRules } from '../../../responders/act/index.ts';
import { rotateSecrets } from '../../../responders/act/rotate-secrets.ts';
import { declaredPlatform } from '../../../responders/declared.ts';
import type { ClusterState, KubeObject } from '../../../responders/ports.ts';
import { actRig } from '../../support/act-ports.ts';
import { planOf, playProcedure } from '../../support/play-procedure.ts';
import { deploymentOf, nowMs, podOf } from '../../support/situation.ts';

const declared = declaredPlatform();
const old = 'postgresql://doadmin:old-secret@gomeet-db-do-user-1.b.db.ondigitalocean.com:25060/gomeet?sslmode=require';
const secret = (name: string, data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
});
const secrets = () =>
  memoryObjects([
    secret('gomeet-secrets', {
      JWT_SECRET: 'old-jwt',
      TURN_SECRET: 'old-turn',
      LIVEKIT_API_SECRET: 'old-livekit',
      WEBHOOK_TOKEN: 'old-token',
      GRAFANA_SECRET_KEY: 'old-grafana',
    }),
    secret('digitalocean-credentials', {
      DO_POSTGRES_CONNECTION_STRING: old,
      DO_POSTGRES_PASSWORD: 'old-secret',
      DO_REGION: 'nyc1',
    }),
  ]);

function cluster(): ClusterState {
  const names = ['auth-service', 'meeting-service', 'chat-service', 'turn-service', 'livekit-sfu'];
  return {
    deployments: names.map((name) => deploymentOf(name, 1)),
    pods: names.map((name) => podOf(name, 1, { createdAtMs: nowMs - 3_600_000 })),
    readyNodes: [],
  };
}

function value(objects: ReturnType<typeof secrets>, name: string, key: string): string {
  const data = objects.all().find(({ metadata }) => metadata.name === name)?.['data'];
  return Buffer.from((data as Record<string, string>)[key] ?? '', 'base64').toString();
}

const world = { cluster: { value: cluster(), observedAtMs: nowMs } };
const play = (
  params: object,
  objects: ReturnType<typeof secrets>,
  more: { killAt?: number; databases?: ReturnType<typeof memoryDatabases> } = {},
) => {
  const rig = actRig({
    cluster: cluster(),
    objects,
    ...(more.databases === undefined ? {} : { databases: more.databases }),
  });
  return playProcedure(rotateSecrets, params, rig.ports, {
    world,
    declared,
    ...(more.killAt === undefined ? {} : { killAt: more.killAt }),
  }).then((played) => ({ ...played, effects: rig.effects }));
};

const services = ['auth-service', 'meeting-service', 'chat-service'];

/** Rotates where a restarted service needs three looks to be back, and one of them never is; what happened, in order. */
async function slowly(params: object, broken?: string) {
  const order: string[] = [];
  const objects = secrets();
  const databases = memoryDatabases([managedDatabase({ name: 'gomeet-db' })]);
  const rig = actRig({ cluster: cluster(), objects, databases });
  const looks = new Map<string, number>();
  const { ports } = rig;
  const played = await playProcedure(
    rotateSecrets,
    params,
    {
      ...ports,
      objects: {
        ...objects,
        async patch(ref, ...rest) {
          order.push(`patch ${ref.name}`);
          return await objects.patch(ref, ...rest);
        },
      },
      databases: {
        ...databases,
        async resetPassword(of) {
          const password = await databases.resetPassword(of);
          order.push(databases.writes.at(-1) ?? '');
          return password;
        },
      },
      cluster: {
        ...ports.cluster,
        async restart(change) {
          await ports.cluster.restart(change);
          order.push(`restart ${change.deployment}`);
          looks.set(change.deployment, 0);
        },
        async read() {
          const seen = await ports.cluster.read();
          const deployments = seen.deployments.map((one) => {
            const count = looks.get(one.name);
            if (count === undefined) return one;
            looks.set(one.name, count + 1);
            if (count === 3 && one.name !== broken) order.push(`${one.name} is back`);
            return count < 3 || one.name === broken ? { ...one, readyReplicas: 0 } : one;
          });
          return { ...seen, deployments };
        },
      },
    },
    { world, declared, late: (saw) => broken !== undefined && saw.includes('0/1 ready') && looks.has(broken) },
  );
  return { ...played, order };
}

describe('Rotating secrets', () => {
  it('writes new values, restarts what reads them in the order of the catalogue, and nothing of it is in the run', async () => {
    const objects = secrets();
    const { verdict, effects, run } = await play({ keys: ['JWT_SECRET'] }, objects);
    assert.equal(verdict, 'verified');
    assert.notEqual(value(objects, 'gomeet-secrets', 'JWT_SECRET'), 'old-jwt');
    assert.equal(value(objects, 'gomeet-secrets', 'WEBHOOK_TOKEN'), 'old-token', 'what was not asked for stays');
    assert.deepEqual(
      effects.filter((one) => one.startsWith('restart')).map((one) => one.split(' ')[1]),
      ['auth-service', 'meeting-service', 'chat-service'],
    );
    const stored = JSON.stringify(run);
    for (const text of [value(objects, 'gomeet-secrets', 'JWT_SECRET'), 'old-jwt']) assert.ok(!stored.includes(text));
  });

  it('writes every new value before the first restart, and restarts each reader once, when the one before it is back', async () => {
    const { verdict, order } = await slowly({ keys: ['JWT_SECRET'], database: true });
    assert.equal(verdict, 'verified');
    const readers = declared.workloads.map(({ name }) => name).filter((name) => services.includes(name));
    assert.deepEqual(order, [
      'patch gomeet-secrets',
      'reset gomeet-db/doadmin',
      'patch digitalocean-credentials',
      ...readers.flatMap((name) => [`restart ${name}`, `${name} is back`]),
    ]);
  });

  it('leaves the rest alone when one does not come back, and says which', async () => {
    const { verdict, saw, order } = await slowly({ keys: ['JWT_SECRET'] }, 'meeting-service');
    assert.equal(verdict, 'not-improved');
    assert.match(saw, /meeting-service/);
    assert.deepEqual(order, [
      'patch gomeet-secrets',
      'restart auth-service',
      'auth-service is back',
      'restart meeting-service',
    ]);
  });

  it('makes a value once, whenever it is killed', async () => {
    for (const killAt of [0, 1, 2, 4]) {
      const objects = secrets();
      const { verdict } = await play({ keys: ['JWT_SECRET'] }, objects, { killAt });
      assert.equal(verdict, 'verified');
      assert.deepEqual(
        objects.writes.filter((one) => one.includes('Secret')),
        ['patch Secret/gomeet-secrets'],
        `killed after ${killAt}`,
      );
    }
  });

  it('gives PostgreSQL a new password, in both keys, and keeps the rest of the connection', async () => {
    const objects = secrets();
    const databases = memoryDatabases([
      managedDatabase({ name: 'gomeet-db' }),
      managedDatabase({ name: 'gomeet-valkey', engine: 'valkey' }),
    ]);
    const { verdict, run } = await play({ database: true }, objects, { databases });
    assert.equal(verdict, 'verified');
    const password = databases.password('doadmin') ?? '';
    assert.equal(value(objects, 'digitalocean-credentials', 'DO_POSTGRES_PASSWORD'), password);
    assert.equal(
      value(objects, 'digitalocean-credentials', 'DO_POSTGRES_CONNECTION_STRING'),
      old.replace('old-secret', password),
    );
    assert.deepEqual(databases.writes, ['reset gomeet-db/doadmin']);
    assert.ok(!JSON.stringify(run).includes(password));
    assert.equal(value(objects, 'gomeet-secrets', 'JWT_SECRET'), 'old-jwt', 'the database alone');
  });

  it('touches nothing when the database is none of the account', async () => {
    const objects = secrets();
    const { verdict, saw } = await play({ database: true }, objects, {
      databases: memoryDatabases([managedDatabase({ name: 'another' })]),
    });
    assert.equal(verdict, 'not-improved');
    assert.match(saw, /no managed PostgreSQL is known by the host/);
    assert.equal(value(objects, 'digitalocean-credentials', 'DO_POSTGRES_PASSWORD'), 'old-secret');
  });

  it('refuses what meetings hang on, what has been encrypted with it, what comes from outside and what nobody reads', () => {
    const plan = (keys: string[]) => JSON.stringify(planOf(rotateSecrets, { keys }, world, declared));
    assert.match(plan(['TURN_SECRET']), /turn-service reads it/);
    assert.match(plan(['LIVEKIT_API_SECRET']), /it holds meetings and has to be drained/);
    assert.match(plan(['GRAFANA_SECRET_KEY']), /could no longer be read/);
    assert.match(plan(['SLACK_BOT_TOKEN']), /comes from outside/);
    assert.match(plan(['NO_SUCH_KEY']), /no workload reads such a key/);
    const all = JSON.stringify(planOf(rotateSecrets, {}, world, declared));
    assert.match(all, /everyone has to sign in again/);
    assert.match(all, /left as they are: .*LIVEKIT_API_SECRET/);
  });

  it('needs two people, and rights for these secrets alone', () => {
    assert.ok(rotateSecrets.destructive);
    const rule = roleRules().filter(({ resources }) => resources.includes('secrets'));
    assert.deepEqual(
      rule.map(({ resourceNames }) => resourceNames?.toSorted()),
      [['digitalocean-credentials', 'gomeet-secrets']],
    );
    assert.deepEqual(rule[0]?.verbs, ['get', 'patch']);
  });
});
