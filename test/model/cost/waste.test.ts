import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usd } from '../../../kernel/money.ts';
import { type Holdings, orphans } from '../../../model/cost/waste.ts';

const nowMs = Date.UTC(2026, 5, 1);
const daysAgo = (days: number) => nowMs - days * 86_400_000;
const nothing: Holdings = {
  volumes: [],
  snapshots: [],
  reservedIps: [],
  loadBalancers: [],
  droplets: [],
  garbage: undefined,
};
const snapshot = { id: 's', name: 'old', resourceType: 'volume', resourceId: 'gone', createdAtMs: daysAgo(91) };
const kinds = (holdings: Partial<Holdings>) => orphans({ ...nothing, ...holdings }, [], nowMs).map(({ kind }) => kind);

test('a volume, an address and a load balancer that nobody uses are found; data want two people and a snapshot', () => {
  const found = orphans(
    {
      ...nothing,
      volumes: [{ id: 'v', name: 'v', dropletIds: [] }],
      reservedIps: [{ ip: '203.0.113.1', dropletId: undefined }],
      loadBalancers: [{ id: 'l', name: 'l', dropletIds: [], status: 'active' }],
    },
    [],
    nowMs,
  );
  assert.deepEqual(found.map(({ kind, needs }) => [kind, needs]).sort(), [
    ['load_balancer', 'two people'],
    ['reserved_ip', 'one person'],
    ['volume', 'two people and a snapshot'],
  ]);
  assert.ok(
    found.every(({ saving }) => saving === undefined),
    'without a price the saving is unknown, not zero',
  );
});

test('what is used is left alone', () => {
  assert.deepEqual(
    kinds({
      volumes: [{ id: 'v', name: 'v', dropletIds: ['1'] }],
      reservedIps: [{ ip: '203.0.113.1', dropletId: '1' }],
      loadBalancers: [{ id: 'l', name: 'l', dropletIds: ['1'], status: 'active' }],
    }),
    [],
  );
});

test('a load balancer that is still being made is no orphan', () => {
  assert.deepEqual(kinds({ loadBalancers: [{ id: 'l', name: 'l', dropletIds: [], status: 'new' }] }), []);
});

test('an old snapshot is named once its source is gone', () => {
  assert.deepEqual(kinds({ snapshots: [snapshot] }), ['snapshot']);
});

test('a snapshot is left alone that is young, whose source stands, or whose source could not be read', () => {
  assert.deepEqual(kinds({ snapshots: [{ ...snapshot, createdAtMs: daysAgo(89) }] }), []);
  assert.deepEqual(kinds({ snapshots: [snapshot], volumes: [{ id: 'gone', name: 'v', dropletIds: ['1'] }] }), []);
  assert.deepEqual(kinds({ snapshots: [snapshot], volumes: undefined }), []);
  assert.deepEqual(kinds({ snapshots: [{ ...snapshot, resourceType: 'something new' }] }), []);
});

test('a part that was not read is not taken for empty, nor for waste', () => {
  const unread = { volumes: undefined, snapshots: undefined, reservedIps: undefined, loadBalancers: undefined };
  assert.deepEqual(orphans({ ...unread, droplets: undefined, garbage: undefined }, [], nowMs), []);
});

test('manifests without a tag are garbage with what their collection saves, also where that is nothing yet', () => {
  const garbage = { registry: 'gomeet', manifests: 12, bytes: 18 * 1024 ** 3, saving: usd(0.36) };
  const [found, ...others] = orphans({ ...nothing, garbage }, [], nowMs);
  assert.deepEqual(
    [found?.kind, found?.name, found?.saving, found?.needs, others.length],
    ['registry', 'gomeet', usd(0.36), 'two people', 0],
  );
  assert.match(found?.why ?? '', /^12 manifests without a tag hold up to 18\.0 GiB; .* digest/);
  assert.equal(orphans({ ...nothing, garbage: { ...garbage, saving: usd(0) } }, [], nowMs)[0]?.saving, 0);
  assert.deepEqual(orphans({ ...nothing, garbage: { ...garbage, manifests: 0 } }, [], nowMs), []);
});
