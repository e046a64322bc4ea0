import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sfuHeadroomLow } from '../../../alerts/catalogue/sfu-headroom-low.ts';
import { type Firing, scenario } from '../scenario.ts';

const slots = (node: string, exporter = 'e1') =>
  `gomeet_sfu_node_free_slots{job="livekit-exporter", instance="${exporter}", node_id="${node}"}`;
const low = (value: number): Firing => ({
  labels: { severity: 'warning', owner: 'media', service: 'livekit-sfu' },
  summary: 'The SFU fleet has hardly any room for another large meeting',
  description: `${value} more meetings of 500 people fit, now or with one node gone.`,
  runbook_url: 'https://runbooks.gomeet.com/SfuHeadroomLow',
});

test('it fires a minute after fewer than two large meetings fit, and not before', async (t) => {
  await scenario(t, sfuHeadroomLow, {
    series: { [slots('ND_a')]: '1x4 0x40', [slots('ND_b')]: '1x60' },
    expect: [
      { at: '2m', firing: [] },
      { at: '2m30s', firing: [low(1)] },
    ],
  });
});

test('it fires when all free room is on one node, since that node may be the one that is lost', async (t) => {
  await scenario(t, sfuHeadroomLow, {
    series: { [slots('ND_a')]: '3x40', [slots('ND_b')]: '0x40' },
    expect: [{ at: '5m', firing: [low(0)] }],
  });
});

test('it fires when no room is left at all', async (t) => {
  await scenario(t, sfuHeadroomLow, { series: { [slots('ND_a')]: '0x40' }, expect: [{ at: '5m', firing: [low(0)] }] });
});

test('it stays silent when two large meetings fit on two nodes', async (t) => {
  await scenario(t, sfuHeadroomLow, {
    series: { [slots('ND_a')]: '1x40', [slots('ND_b')]: '1x40' },
    expect: [{ at: '9m', firing: [] }],
  });
});

test('it does not count a node twice because two exporters see it', async (t) => {
  await scenario(t, sfuHeadroomLow, {
    series: { [slots('ND_a', 'e1')]: '1x40', [slots('ND_a', 'e2')]: '1x40' },
    expect: [{ at: '5m', firing: [low(1)] }],
  });
});

test('it stays silent without data: no data is no want of room', async (t) => {
  await scenario(t, sfuHeadroomLow, { series: {}, expect: [{ at: '10m', firing: [] }] });
});

test('SFU nodes are added without asking, more the second time; a machine of the pool is asked for', () => {
  assert.deepEqual(
    sfuHeadroomLow.runbook.mitigation.map(({ action, params, approval }) => [action, params, approval]),
    [
      ['scaleSfu', { step: 1 }, 'none'],
      ['scaleSfu', { step: 2 }, 'none'],
      ['openIncident', { sev: 3 }, 'none'],
      ['raiseNodePool', { step: 1 }, 'one'],
      ['escalate', {}, 'none'],
    ],
  );
});
