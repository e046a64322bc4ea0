import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sfuSaturated } from '../../../alerts/catalogue/sfu-saturated.ts';
import { needTool } from '../../support/need-tool.ts';
import { type Firing, scenario } from '../scenario.ts';

const load = (node: string, exporter = 'e1') =>
  `gomeet_sfu_node_cpu_load_ratio{job="livekit-exporter", instance="${exporter}", node_id="${node}"}`;
const hot = (node: string, percent: string): Firing => ({
  labels: { severity: 'critical', owner: 'media', service: 'livekit-sfu', node_id: node },
  summary: 'An SFU node is short of CPU',
  description: `Node ${node} runs at ${percent} of its CPU.`,
  runbook_url: 'https://runbooks.gomeet.com/SfuSaturated',
});

test('it fires two minutes after a node got hot, not before, and for that node only', async (t) => {
  await scenario(t, sfuSaturated, {
    series: { [load('ND_a')]: '0.5x4 0.9x40', [load('ND_b')]: '0.4x60' },
    expect: [
      { at: '3m', firing: [] },
      { at: '3m30s', firing: [hot('ND_a', '90%')] },
    ],
  });
});

test('two exporters that see the same node make one alert, and the worse reading counts', async (t) => {
  await scenario(t, sfuSaturated, {
    series: { [load('ND_a', 'e1')]: '0.7x40', [load('ND_a', 'e2')]: '0.95x40' },
    expect: [{ at: '5m', firing: [hot('ND_a', '95%')] }],
  });
});

test("without the exporter the process's own CPU counts, under the node id of the same target", async (t) => {
  const target = 'job="livekit", instance="10.0.0.1:6789", pod="livekit-sfu-1"';
  await scenario(t, sfuSaturated, {
    series: {
      [`process_cpu_seconds_total{${target}}`]: '0+27x40',
      [`go_sched_gomaxprocs_threads{${target}}`]: '2x40',
      [`livekit_room_total{${target}, node_id="ND_a", node_type="SERVER"}`]: '3x40',
    },
    expect: [{ at: '6m', firing: [hot('ND_a', '90%')] }],
  });
});

test('it stays silent on many nodes that are busy but not hot, since load of nodes is never added up', async (t) => {
  const series = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [load(`ND_${index}`), '0.84x60']));
  await scenario(t, sfuSaturated, { series, expect: [{ at: '10m', firing: [] }] });
});

test('it stays silent on a peak of less than two minutes', async (t) => {
  await scenario(t, sfuSaturated, {
    series: { [load('ND_a')]: '0.5x4 0.99x6 0.5x40' },
    expect: [
      { at: '2m45s', firing: [] },
      { at: '4m', firing: [] },
    ],
  });
});

test('it stays silent without data, and ends when its data ends', async (t) => {
  await scenario(t, sfuSaturated, { series: {}, expect: [{ at: '10m', firing: [] }] });
  await scenario(t, sfuSaturated, {
    series: { [load('ND_a')]: '0.9x20 stale' },
    expect: [
      { at: '5m', firing: [hot('ND_a', '90%')] },
      { at: '7m', firing: [] },
    ],
  });
});

test('a wrong expectation fails, so these tests can', async (t) => {
  if (needTool(t, 'promtool') === undefined) return;
  await assert.rejects(
    scenario(t, sfuSaturated, {
      series: { [load('ND_a')]: '0.9x40' },
      expect: [{ at: '5m', firing: [hot('ND_other', '90%')] }],
    }),
    /ND_other/,
  );
});

test('its mitigation adds a node without asking and never claims to cool the hot one', () => {
  const [first, ...rest] = sfuSaturated.runbook.mitigation;
  assert.deepEqual([first?.action, first?.params, first?.approval], ['scaleSfu', { step: 1 }, 'none']);
  assert.match(first?.say ?? '', /does not cool the hot node/);
  assert.deepEqual(
    rest.map(({ action }) => action),
    ['openIncident', 'escalate'],
  );
});
