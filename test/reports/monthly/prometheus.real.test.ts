import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { systemClock } from '../../../kernel/clock.ts';
import { usd } from '../../../kernel/money.ts';
import { type HttpPeer, startPrometheus } from '../../../lab/peers/prometheus.ts';
import { findTool } from '../../../lab/toolbox.ts';
import { whatIf } from '../../../model/capacity/what-if.ts';
import { nodeSize } from '../../../model/prices.ts';
import { namedMix } from '../../../reports/capacity/files.ts';
import { gatherMonth } from '../../../reports/monthly/gather.ts';
import { monthlyReport } from '../../../reports/monthly/report.ts';
import { createPrometheus } from '../../../responders/adapters/prometheus.ts';
import { patienceMs } from '../../support/patience.ts';
import { skipWithout } from '../../support/skip-without.ts';
import {
  bytesAStep,
  fromMs,
  hours,
  isWeekend,
  meetingAt,
  meetingsAStep,
  month,
  nodes,
  peopleAt,
  standsAt,
  steps,
  stepsADay,
  surprise,
  unmeasured,
  writeHistory,
} from './history.ts';

const run = promisify(execFile);
const gomeet = fileURLToPath(new URL('../../../cli/gomeet.mjs', import.meta.url));
const Compared = z.object({
  days: z.array(
    z.object({
      day: z.string(),
      forecast: z.object({ low: z.number(), likely: z.number(), high: z.number() }).optional(),
      provisioned: z.number().optional(),
      real: z.number().optional(),
    }),
  ),
  missRatio: z.number(),
  within: z.number(),
  forecastDays: z.number(),
  short: z.number(),
});

describe('a month and ten weeks in a real Prometheus', { skip: skipWithout('prometheus', 'promtool') }, () => {
  let folder = '';
  let prometheus: HttpPeer;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gomeet-month-'));
    const file = join(folder, 'history.om');
    await writeHistory(file);
    await mkdir(join(folder, 'data'));
    await run(findTool('promtool') ?? 'promtool', [
      'tsdb',
      'create-blocks-from',
      'openmetrics',
      '--max-block-duration=486h',
      file,
      join(folder, 'data'),
    ]);
    prometheus = await startPrometheus({ folder, config: {}, rules: {}, retention: '1y' });
  });
  after(async () => {
    await prometheus.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('gives the monthly report numbers that equal a recomputation by hand', async () => {
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

  it('gives capacity compare the real peak of each day, what stood ready, and a forecast that did not know the day', async () => {
    const asked = ['capacity', 'compare', '--weeks', '2', '--time-zone', 'UTC', '--mix', 'office', '--format', 'json'];
    const { stdout } = await run(process.execPath, [gomeet, ...asked], {
      env: { ...process.env, PROMETHEUS_URL: prometheus.url },
      timeout: patienceMs,
    });
    const { days, ...sums } = Compared.parse(JSON.parse(stdout));
    const each = whatIf({
      participants: 100_000,
      mix: namedMix('office') ?? assert.fail(),
      size: nodeSize('c-32') ?? assert.fail(),
      spareNodes: 0,
      ceilings: [],
      fullHoursPerDay: 0,
    }).participantsPerNode;

    assert.equal(days.length, 14);
    const byHand = days.map(({ day }) => {
      const number = Math.round((Date.parse(day) - fromMs) / 86_400_000);
      const ofDay = Array.from({ length: stepsADay }, (_none, step) => number * stepsADay + step);
      const peak = Math.max(...ofDay.map((step) => meetingAt(step) ?? 0));
      const ready = Math.max(...ofDay.map((step) => nodes.filter((node) => standsAt(node, step)).length));
      return { number, peak, usual: isWeekend(number) ? 600 : 3_000, ready };
    });
    for (const [index, day] of days.entries()) {
      const { number, peak, usual, ready } = byHand[index] ?? assert.fail();
      assert.equal(day.real, number === unmeasured ? undefined : peak, day.day);
      assert.equal(day.provisioned, ready * each, day.day);
      const { low = 0, likely = 0, high = 0 } = day.forecast ?? {};
      assert.ok(Math.abs(likely - usual) <= usual / 50, `${day.day}: ${likely}, by hand ${usual}`);
      if (number !== unmeasured) assert.equal(low <= peak && peak <= high, number !== surprise, day.day);
    }
    assert.deepEqual([sums.forecastDays, sums.within, sums.short], [13, 12, 1]);
    // One of thirteen was missed, by two thirds of what came.
    assert.ok(Math.abs(sums.missRatio - 2 / 3 / 13) < 0.02, String(sums.missRatio));
  });
});
