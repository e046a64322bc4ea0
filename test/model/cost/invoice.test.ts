import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type MicroUsd, usd } from '../../../kernel/money.ts';
import { bridge } from '../../../model/cost/bridge.ts';
import { invoiceByKind, kindOf, reconcile } from '../../../model/cost/invoice.ts';

const item = (product: string, description: string, dollars: number) => ({
  product,
  description,
  amount: usd(dollars),
});

test('an item is what its product says, an HA control plane what its description says', () => {
  const cases = [
    ['Kubernetes Clusters', '3 x c-32', 'droplet'],
    ['Kubernetes Clusters', 'HA control plane', 'control_plane'],
    ['Managed Databases', 'gomeet-pg', 'database'],
    ['Droplets', 'bastion', 'droplet'],
    ['Load Balancers', 'gateway', 'load_balancer'],
    ['Volumes', '1 TiB', 'volume'],
    ['Snapshots', 'volume snapshot', 'snapshot'],
    ['Container Registry', 'Professional', 'registry'],
    ['Spaces Subscription', '', 'spaces'],
    ['Bandwidth', 'outbound', 'transfer'],
    ['Promo credit on Droplets', '', 'credit'],
    ['VAT', '11 %', 'tax'],
    ['Uptime Checks', 'one more', 'other'],
  ] as const;
  for (const [product, description, kind] of cases) assert.equal(kindOf({ product, description }), kind, product);
});

test('what the items do not come to is other, so that the parts are the invoice', () => {
  const parts = invoiceByKind(usd(100), [item('Droplets', '', 90), item('Droplets', '', 4)]);
  assert.deepEqual(Object.fromEntries(parts), { droplet: usd(94), other: usd(6) });
});

test('estimate and invoice are compared by product, tax and credits apart, each difference with its reason', () => {
  const estimate = new Map([
    ['droplet', usd(4_000)],
    ['database', usd(4_000)],
    ['reserved_ip', usd(5)],
  ] as const);
  const invoice = invoiceByKind(usd(9_000), [
    item('Droplets', '', 4_010),
    item('Managed Databases', '', 4_300),
    item('Spaces', '', 20),
    item('Taxes', 'VAT', 770),
    item('Promo', 'credit', -100),
  ]);
  const { rows, differenceRatio, within } = reconcile(estimate, invoice, (kind) =>
    kind === 'database' ? 'price to be confirmed' : undefined,
  );
  assert.deepEqual(Object.fromEntries(rows.map(({ kind, why }) => [kind, why])), {
    droplet: 'agrees',
    database: 'price to be confirmed',
    tax: 'on the invoice alone',
    spaces: 'not measured',
    reserved_ip: 'not on the invoice',
    credit: 'on the invoice alone',
  });
  assert.equal(differenceRatio, (8_005 - 8_330) / 8_330);
  assert.equal(within, false);
});

test('the steps of the bridge sum exactly to the difference, whatever went up or down', () => {
  const amount = fc.integer({ min: -5_000_000_000, max: 20_000_000_000 });
  const side = fc.record({
    droplet: fc.integer({ min: 0, max: 20_000_000_000 }),
    database: amount,
    tax: amount,
    hours: fc.integer({ min: 0, max: 20_000 }),
    people: fc.option(fc.integer({ min: 0, max: 5_000_000 }), { nil: undefined }),
  });
  const made = ({ droplet, database, tax, hours, people }: typeof side extends fc.Arbitrary<infer T> ? T : never) => ({
    byKind: new Map([
      ['droplet', droplet as MicroUsd],
      ['database', database as MicroUsd],
      ['tax', tax as MicroUsd],
    ] as const),
    nodes: [
      { pool: 'sfu', hours, cost: Math.round(droplet * 0.7) as MicroUsd, holdsMeetings: true },
      { pool: 'api', hours: 100, cost: Math.round(droplet * 0.2) as MicroUsd, holdsMeetings: false },
    ],
    participantHours: people,
  });
  fc.assert(
    fc.property(side, side, (before, after) => {
      const whole = after.droplet + after.database + after.tax - before.droplet - before.database - before.tax;
      const steps = bridge(made(before), made(after));
      assert.equal(
        steps.reduce((sum, step) => sum + step.amount, 0),
        whole,
      );
      assert.ok(steps.every((step) => step.amount !== 0 && Number.isInteger(step.amount)));
    }),
  );
});

test('twice the people on twice the nodes is a step of people, not of waste', () => {
  const side = (nodes: number, people: number) => ({
    byKind: new Map([['droplet', usd(672 * nodes)]] as const),
    nodes: [{ pool: 'sfu', hours: 672 * nodes, cost: usd(672 * nodes), holdsMeetings: true }],
    participantHours: people,
  });
  assert.deepEqual(bridge(side(5, 1_000), side(10, 2_000)), [{ name: 'participant-hours', amount: usd(3_360) }]);
});
