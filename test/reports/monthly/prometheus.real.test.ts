import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { roomRules } from '../../../alerts/recording/rooms.ts';
import { digitalOceanMetrics as cloud } from '../../../exporters/metrics/digitalocean.ts';
import { livekitExporterMetrics as exporter } from '../../../exporters/metrics/livekit-exporter.ts';
import { livekitServerMetrics as livekit } from '../../../exporters/metrics/livekit-server.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { usd } from '../../../kernel/money.ts';
import { startPrometheus } from '../../../lab/peers/prometheus.ts';
import { findTool } from '../../../lab/toolbox.ts';
import { monthBefore, monthOf, monthPeriod } from '../../../model/cost/accrual.ts';
import { gatherMonth } from '../../../reports/monthly/gather.ts';
import { monthlyReport } from '../../../reports/monthly/report.ts';
import { createPrometheus } from '../../../responders/adapters/prometheus.ts';
import { skipWithout } from '../../support/skip-without.ts';

// The last whole month, in steps of five minutes, as scrapes of a minute later would have it.
const month = monthBefore(monthOf(Date.now()));
const { fromMs, untilMs } = monthPeriod(month);
const stepMs = 300_000;
const steps = (untilMs - fromMs) / stepMs;
const hours = steps / 12;
const stepsADay = 288;

interface Made {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** The value at a step; undefined where the series is not there. Step 0 is the beginning of the month. */
  readonly value: (step: number) => number | undefined;
}

/** Four nodes stand all month, six more by day on every third day. */
const standsAt = (node: number, step: number): boolean => {
  const day = Math.floor(step / stepsADay);
  const hour = (step % stepsADay) / 12;
  return node < 4 || ((day + node) % 3 === 0 && hour >= 8 && hour < 20);
};
const nodes = Array.from({ length: 10 }, (_none, node) => node);
const peopleAt = (step: number) => 1_000 + Math.round(800 * Math.sin(step / 45) ** 2);
const bytesAStep = 5e11;
const meetingsAStep = 6;
const rooms: readonly (readonly [le: string, upTo: number])[] = [
  ['0', 0],
  ['2', 10],
  ['5', 20],
  ['10', 25],
  ['+Inf', 25],
];
const resource = (resource_type: string, id: string, more: object = {}) => ({
  resource_type,
  id,
  name: id,
  region: 'fra1',
  price_source: 'api',
  ...more,
});

const made: readonly Made[] = [
  ...nodes.map((node) => ({
    name: cloud.resourceCost.name,
    labels: resource('droplet', `sfu-${node}`, { cluster: 'gomeet', pool: 'sfu' }),
    value: (step: number) => (standsAt(node, step) ? 1 : undefined),
  })),
  { name: cloud.resourceCost.name, labels: resource('database', 'main'), value: () => 5 },
  { name: cloud.resourceCost.name, labels: resource('volume', 'data'), value: () => 0.05 },
  ...['low', 'high'].map((bound) => ({ name: cloud.costRange.name, labels: { bound }, value: () => 10 })),
  { name: roomRules.participants.record, value: peopleAt },
  {
    name: livekit.packetBytes.name,
    labels: { direction: 'outgoing', node_id: 'ND_1' },
    value: (step) => 1e15 + step * bytesAStep,
  },
  {
    name: `${livekit.roomDuration.name}_count`,
    labels: { node_id: 'ND_1' },
    value: (step) => 1e6 + step * meetingsAStep,
  },
  ...rooms.map(([le, upTo]) => ({ name: `${exporter.roomSize.name}_bucket`, labels: { le }, value: () => upTo })),
  ...nodes.map((node) => ({
    name: exporter.nodeState.name,
    labels: { node_id: `ND_${node}`, state: 'serving' },
    value: (step: number) => (standsAt(node, step) ? 1 : undefined),
  })),
  { name: cloud.transferUsed.name, value: (step) => Math.max(0, step) * bytesAStep },
  { name: cloud.transferPool.name, value: () => 60e12 },
];

/** Writes every series as OpenMetrics, which promtool makes blocks of. */
async function writeMonth(file: string): Promise<void> {
  const out = await open(file, 'w');
  // A family is written in one piece.
  for (const { name, labels = {}, value } of [...made].sort((a, b) => a.name.localeCompare(b.name))) {
    const shown = Object.entries(labels).map(([key, text]) => `${key}="${text}"`);
    const series = shown.length === 0 ? name : `${name}{${shown.join(',')}}`;
    const lines: string[] = [];
    // From an hour before, so that a rate over the first hour has what it needs.
    for (let step = -13; step <= steps; step += 1) {
      const at = value(step);
      if (at !== undefined) lines.push(`${series} ${at} ${(fromMs + step * stepMs - 240_000) / 1_000}`);
    }
    await out.write(`${lines.join('\n')}\n`);
  }
  await out.write('# EOF\n');
  await out.close();
}

test('from a real Prometheus with a month of five-minute data its numbers equal a recomputation by hand', {
  skip: skipWithout('prometheus', 'promtool'),
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-month-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'month.om');
  await writeMonth(file);
  await mkdir(join(folder, 'data'));
  await promisify(execFile)(findTool('promtool') ?? 'promtool', [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    '--max-block-duration=64h',
    file,
    join(folder, 'data'),
  ]);
  const prometheus = await startPrometheus({ folder, config: {}, rules: {}, retention: '1y' });
  t.after(() => prometheus.stop());

  const input = await gatherMonth({
    inventory: undefined,
    metrics: createPrometheus({ url: prometheus.url, timeoutMs: 120_000 }),
    reliability: undefined,
    budget: { amount: usd(35_000), setBy: undefined, setAtMs: undefined },
    clock: systemClock,
    month,
    timeZone: 'UTC',
    gaps: [],
    progress: () => undefined,
  });
  const { money, units, gaps } = monthlyReport(input);

  // Money: the pool pays for its 28 dearest days, the rest for 672 hours at the most.
  const days = Array.from({ length: steps / stepsADay }, (_none, day) => {
    const ofDay = Array.from({ length: stepsADay }, (_n, step) => day * stepsADay + step);
    return ofDay.reduce((sum, step) => sum + nodes.filter((node) => standsAt(node, step)).length / 12, 0);
  });
  const dearest = [...days].sort((a, b) => b - a).slice(0, 28);
  const pool = dearest.reduce((sum, cost) => sum + cost, 0);
  // The meter begins anew with the month: the last reading before that counts.
  const traffic = Math.max(0, (steps - 1) * bytesAStep - 60e12) / 1024 ** 3 / 100;
  const near = (value: number, wanted: number, within: number, what: string) =>
    assert.ok(Math.abs(value - wanted) <= within, `${what}: ${value}, by hand ${wanted}`);
  near(money.estimate.best / 1e6, pool + 672 * 5.05 + traffic, 0.02, 'the month');
  near(money.transfer / 1e6, traffic, 0.01, 'traffic above the pool');
  assert.ok(money.coverage > 0.999, String(money.coverage));

  // People: the mean of each hour, which is that of the steps that end in it.
  const people = Array.from({ length: steps }, (_none, step) => peopleAt(step + 1) / 12);
  const participantHours = people.reduce((sum, one) => sum + one, 0);
  near(units.activity.participantHours ?? 0, participantHours, participantHours / 1e4, 'participant-hours');
  near(units.activity.meetings ?? 0, steps * meetingsAStep, steps * meetingsAStep * 1e-3, 'meetings');
  near(units.activity.egressBytes ?? 0, steps * bytesAStep, steps * bytesAStep * 1e-3, 'bytes');
  near(
    (units.costs.perParticipantHour?.best ?? 0) / 1e6,
    (pool + 672 * 5.05 + traffic) / participantHours,
    1e-5,
    'a participant-hour',
  );
  assert.deepEqual(
    (input.roomSizes ?? []).map(({ upTo, roomHours }) => [upTo, Math.round(roomHours / hours)]),
    [
      [0, 0],
      [2, 10],
      [5, 10],
      [10, 5],
    ],
  );
  near(
    units.sizes.reduce((sum, { cost }) => sum + cost, 0) / 1e6,
    money.estimate.best / 1e6,
    0.01 + (1 - units.activity.coverage) * (money.estimate.best / 1e6),
    'rooms of all sizes',
  );

  // The most nodes that served on each day.
  const most = days.map((_day, day) =>
    Math.max(
      ...Array.from(
        { length: stepsADay },
        (_n, step) => nodes.filter((node) => standsAt(node, day * stepsADay + step)).length,
      ),
    ),
  );
  const sfuNodes = new Map(input.sfuNodes.map(({ day, nodes: count }) => [day, count]));
  assert.deepEqual(
    most.map((_count, day) => sfuNodes.get(new Date(fromMs + day * 86_400_000).toISOString().slice(0, 10))),
    most,
  );
  assert.ok(!gaps.some((gap) => gap.includes('could not be read from Prometheus')), gaps.join('\n'));
});
