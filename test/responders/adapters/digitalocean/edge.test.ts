import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startDigitalOceanFake } from '../../../../lab/fakes/digitalocean.ts';
import { createEdge } from '../../../../responders/adapters/digitalocean/edge.ts';
import { rejectsWith } from '../kubernetes/contract.ts';

it('reads and changes names and firewalls as the API has them, and sends a change once', async (t) => {
  const rule = (ports: string) => ({ protocol: 'tcp', ports, sources: { addresses: ['0.0.0.0/0'] } });
  const api = await startDigitalOceanFake({
    token: 't',
    clusters: [],
    dropletLimit: 10,
    monthToDateUsd: 0,
    infra: {
      records: { 'gomeet.com': [{ id: 1, type: 'A', name: 'app', data: '198.51.100.1' }] },
      firewalls: [{ id: 'f', name: 'media', tags: [], inbound_rules: [rule('22')], outbound_rules: [] }],
    },
  });
  t.after(() => api.stop());
  const edge = createEdge({ token: 't', url: api.url, retry: { attempts: 1 } });

  await edge.putRecord({ domain: 'gomeet.com', id: 1, name: 'app', data: '203.0.113.7' });
  await edge.putRecord({ domain: 'gomeet.com', name: 'api', data: '203.0.113.7' });
  assert.deepEqual(
    (await edge.records('gomeet.com')).map(({ name, data }) => [name, data]),
    [
      ['app', '203.0.113.7'],
      ['api', '203.0.113.7'],
    ],
  );
  await edge.removeRecord({ domain: 'gomeet.com', id: 2 });
  assert.equal((await edge.records('gomeet.com')).length, 1);
  await rejectsWith(edge.records('nobody.example'), 'not-found');

  const rules = [{ protocol: 'tcp', ports: '7881', addresses: ['0.0.0.0/0', '::/0'] }];
  await edge.addInbound({ id: 'f', rules });
  assert.deepEqual(
    (await edge.firewalls())[0]?.inbound.map(({ ports }) => ports),
    ['22', '7881'],
  );
  await edge.removeInbound({ id: 'f', rules });
  assert.deepEqual(
    (await edge.firewalls())[0]?.inbound.map(({ ports }) => ports),
    ['22'],
  );

  api.inject({ kind: 'status', status: 503 }, { method: 'POST' });
  await rejectsWith(edge.addInbound({ id: 'f', rules }), 'unavailable');
  assert.equal(api.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/rules')).length, 2);
});
