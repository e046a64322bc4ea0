import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type DigitalOceanFake, startDigitalOceanFake } from '../../../../lab/fakes/digitalocean.ts';
import { createDigitalOcean } from '../../../../responders/adapters/digitalocean/account.ts';
import { createDatabases } from '../../../../responders/adapters/digitalocean/databases.ts';
import { createEdge } from '../../../../responders/adapters/digitalocean/edge.ts';
import { known, rejectsWith } from '../kubernetes/contract.ts';

const token = 'dop_v1_0123456789abcdef0123456789abcdef';
const pool = {
  id: 'cdda885e-7663-40c8-bc74-3a036c66545d',
  name: 'sfu',
  size: 'c-32',
  count: 3,
  auto_scale: true,
  min_nodes: 3,
  max_nodes: 20,
  labels: null,
  taints: [],
  tags: [],
};
const database = {
  id: 'd',
  name: 'main',
  engine: 'pg',
  version: '16',
  status: 'online',
  nodes: 1,
  region: 'fra1',
  size: 'db-s-1vcpu-1gb',
  user: 'doadmin',
};
const rules = [{ protocol: 'tcp', ports: '7881', addresses: ['0.0.0.0/0'] }];

async function ports(url: string) {
  const options = { token, url, retry: { attempts: 1 } };
  const cloud = await createDigitalOcean(options);
  return { cloud, databases: createDatabases(options), edge: createEdge(options) };
}
type Ports = Awaited<ReturnType<typeof ports>>;

const poolOf = async ({ cloud }: Ports) => known((await cloud.read()).pools[0]);

/** Every route that the responder uses, what calls it, and the scope that DigitalOcean wants for it. */
const routes: readonly (readonly [method: string, path: RegExp, scope: string, (all: Ports) => Promise<unknown>])[] = [
  ['GET', /\/clusters$/, 'kubernetes:read', ({ cloud }) => cloud.read()],
  ['GET', /\/account$/, 'account:read', ({ cloud }) => cloud.read()],
  ['GET', /\/droplets$/, 'droplet:read', ({ cloud }) => cloud.read()],
  ['GET', /\/balance$/, 'billing:read', ({ cloud }) => cloud.read()],
  ['GET', /\/volumes$/, 'block_storage:read', ({ cloud }) => cloud.volumes()],
  ['GET', /\/snapshots$/, 'block_storage_snapshot:read', ({ cloud }) => cloud.volumeSnapshots('v')],
  [
    'POST',
    /\/snapshots$/,
    'block_storage_snapshot:create',
    ({ cloud }) => cloud.snapshotVolume({ id: 'v', name: 's' }),
  ],
  ['DELETE', /\/volumes\/v$/, 'block_storage:delete', ({ cloud }) => cloud.deleteVolume({ id: 'v' })],
  [
    'GET',
    /\/node_pools\/[^/]+$/,
    'kubernetes:read',
    async (all) => all.cloud.setPoolFloor({ pool: await poolOf(all), nodes: 4, runId: 'r' }),
  ],
  [
    'PUT',
    /\/node_pools\/[^/]+$/,
    'kubernetes:update',
    async (all) => all.cloud.setPoolFloor({ pool: await poolOf(all), nodes: 4, runId: 'r' }),
  ],
  [
    'PUT',
    /\/node_pools\/[^/]+$/,
    'kubernetes:update',
    async (all) => all.cloud.autoscalePool({ pool: await poolOf(all), minNodes: 3, maxNodes: 30, runId: 'r' }),
  ],
  ['GET', /\/databases$/, 'database:read', ({ databases }) => databases.list()],
  ['GET', /\/backups$/, 'database:read', ({ databases }) => databases.backups('d')],
  ['GET', /\/replicas$/, 'database:read', ({ databases }) => databases.replicas('d')],
  ['PUT', /\/promote$/, 'database:update', ({ databases }) => databases.promote({ id: 'd', replica: 'r' })],
  [
    'POST',
    /\/databases$/,
    'database:create',
    ({ databases }) => databases.restoreAs({ from: database, name: 'restored', backupAtMs: 0 }),
  ],
  ['POST', /\/reset_auth$/, 'database:update', ({ databases }) => databases.resetPassword({ id: 'd', user: 'u' })],
  ['GET', /\/records$/, 'domain:read', ({ edge }) => edge.records('gomeet.com')],
  ['POST', /\/records$/, 'domain:create', ({ edge }) => edge.putRecord({ domain: 'gomeet.com', name: 'a', data: '' })],
  [
    'PATCH',
    /\/records\/1$/,
    'domain:update',
    ({ edge }) => edge.putRecord({ domain: 'gomeet.com', id: 1, name: 'a', data: '' }),
  ],
  ['DELETE', /\/records\/1$/, 'domain:delete', ({ edge }) => edge.removeRecord({ domain: 'gomeet.com', id: 1 })],
  ['GET', /\/firewalls$/, 'firewall:read', ({ edge }) => edge.firewalls()],
  ['POST', /\/rules$/, 'firewall:update', ({ edge }) => edge.addInbound({ id: 'f', rules })],
  ['DELETE', /\/rules$/, 'firewall:update', ({ edge }) => edge.removeInbound({ id: 'f', rules })],
];

/** An account of its own for each test: a call that was given up may still be under way. */
async function account(t: TestContext): Promise<{ api: DigitalOceanFake; all: Ports }> {
  const cluster = { id: 'bd5f5959-5e1e-4205-a714-a914373942af', name: 'gomeet', region: 'fra1', tags: [] };
  const api = await startDigitalOceanFake({
    token,
    clusters: [{ ...cluster, node_pools: [pool] }],
    dropletLimit: 25,
    monthToDateUsd: 0,
  });
  t.after(() => api.stop());
  return { api, all: await ports(api.url) };
}

describe('A token without a scope', () => {
  for (const [method, path, scope, call] of routes)
    it(`is told ${scope} by ${method} ${path.source}`, async (t) => {
      const { api, all } = await account(t);
      api.inject({ kind: 'status', status: 403, message: `no ${token}` }, { method, path });

      const { message } = await rejectsWith(call(all), 'forbidden');

      assert.ok(message.includes(`the token lacks the scope ${scope}, which ${method} `), message);
      assert.ok(!message.includes(token));
    });

  it('still sees and moves pools when only its volumes are hidden', async (t) => {
    const { api, all } = await account(t);
    api.inject({ kind: 'status', status: 403 }, { method: 'GET', path: /\/volumes$/ });
    const seen = await all.cloud.read();
    assert.deepEqual([seen.volumes, seen.pools.length], [undefined, 1]);
  });
});
