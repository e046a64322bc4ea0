import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryEdge } from '../../../lab/fakes/memory-edge.ts';
import { memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import { productionSettings } from '../../../manifests/settings.ts';
import { repairDns, repairFirewall } from '../../../responders/act/repair-edge.ts';
import { actRig } from '../../support/act-ports.ts';
import { playProcedure } from '../../support/play-procedure.ts';

const { domain } = productionSettings;
const ours = '203.0.113.7';
const other = '198.51.100.1';
const balancer = (ip: string | undefined) =>
  memoryObjects([
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'traefik' },
      spec: { type: 'LoadBalancer' },
      status: { loadBalancer: ip === undefined ? {} : { ingress: [{ ip }] } },
    },
  ]);
const names = ['@', 'www', 'app', 'api', 'livekit', 'turn', 'traefik', 'grafana', 'prometheus', 'sre'];
const record = (name: string, id: number, data = ours, type = 'A') => ({ id, type, name, data });
const good = names.map((name, index) => record(name, index + 1));

function dns(records: ReturnType<typeof record>[], more: { ip?: string | undefined; killAt?: number } = { ip: ours }) {
  const edge = memoryEdge({ domain, records });
  const { ports } = actRig({ objects: balancer('ip' in more ? more.ip : ours), edge });
  const options = more.killAt === undefined ? {} : { killAt: more.killAt };
  return { edge, played: playProcedure(repairDns, {}, ports, options) };
}

describe('Repairing DNS', () => {
  it('changes what points elsewhere, makes what is missing, takes away a second address, leaves the rest; whenever it is killed', async () => {
    for (const killAt of [undefined, 0, 1]) {
      const { edge, played } = dns(
        [
          ...good.filter(({ name }) => name !== 'api' && name !== 'app'),
          record('app', 50, other),
          record('www', 51, other),
          record('mail', 52, other),
          record('@', 53, 'v=spf1 -all', 'TXT'),
        ],
        killAt === undefined ? { ip: ours } : { ip: ours, killAt },
      );
      assert.equal((await played).verdict, 'verified');
      assert.deepEqual([...edge.writes].sort(), [`put api ${ours}`, `put app ${ours}`, 'remove 51']);
      const now = await edge.records(domain);
      assert.equal(now.find(({ name }) => name === 'mail')?.data, other);
      for (const name of names)
        assert.deepEqual(
          now.flatMap((one) => (one.name === name && one.type === 'A' ? one.data : [])),
          [ours],
        );
    }
  });

  it('does nothing where every name is right, where no load balancer has an address, and where a CNAME stands', async () => {
    const right = dns(good);
    assert.match((await right.played).saw, /every name points at/);
    const without = dns([record('app', 1, other)], { ip: undefined });
    assert.match((await without.played).saw, /no load balancer has an address/);
    const alias = dns([...good.filter(({ name }) => name !== '@'), record('@', 9, 'elsewhere.example', 'CNAME')]);
    assert.match((await alias.played).saw, /a person has to say which is right/);
    assert.deepEqual([...right.edge.writes, ...without.edge.writes, ...alias.edge.writes], []);
  });

  it('takes back what it changed when it cannot be finished', async () => {
    const { edge, played } = dns([
      ...good.filter(({ name }) => name !== '@' && name !== 'sre'),
      record('@', 9, other),
      record('sre', 10, 'elsewhere.example', 'CNAME'),
    ]);
    assert.equal((await played).verdict, 'not-improved');
    assert.equal((await edge.records(domain)).find(({ id }) => id === 9)?.data, other);
  });
});

describe('Repairing the firewall', () => {
  const firewall = 'gomeet-cluster-media';
  const rule = (protocol: string, ports: string, addresses = ['0.0.0.0/0', '::/0']) => ({ protocol, ports, addresses });
  const repair = (edge: ReturnType<typeof memoryEdge>, killAt?: number) =>
    playProcedure(repairFirewall, {}, actRig({ edge }).ports, killAt === undefined ? {} : { killAt });

  it('lets in what is declared and missing, once, and closes nothing', async () => {
    for (const killAt of [undefined, 0, 1]) {
      const edge = memoryEdge({ firewall, inbound: [rule('tcp', '22'), rule('udp', '3478', ['10.0.0.0/8'])] });
      assert.equal((await repair(edge, killAt)).verdict, 'verified');
      assert.equal(edge.writes.length, 1, edge.writes.join('; '));
      assert.match(edge.writes[0] ?? '', /^open /);
      const [now] = await edge.firewalls();
      assert.ok(now?.inbound.some(({ ports }) => ports === '22'));
      assert.match((await repair(edge)).saw, /lets in all that is declared/);
      assert.equal(edge.writes.length, 1);
    }
  });

  it('opens nothing where a wider rule is there, and says when the firewall is not', async () => {
    const wide = memoryEdge({ firewall, inbound: [rule('tcp', '1-65535'), rule('udp', 'all')] });
    assert.equal((await repair(wide)).verdict, 'verified');
    assert.deepEqual(wide.writes, []);
    assert.match((await repair(memoryEdge({}))).saw, /there is no firewall/);
  });
});
