import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { usd } from '../../kernel/money.ts';
import { gatherMonth } from '../../reports/monthly/gather.ts';
import { makeForms, plainForms } from '../../reports/monthly/issue.ts';
import { historyQueries } from '../../reports/monthly/queries.ts';
import { monthlyReport } from '../../reports/monthly/report.ts';
import type { Metrics, Series } from '../../responders/ports.ts';
import { documentedInventory } from '../support/documented-inventory.ts';
import { type Figure, figure, median, peakMemoryMb } from './figures.ts';

const resources = 100;
const halfDayMs = 43_200_000;

/** A month of 100 resources, half of them nodes that come and go twice a day, every five minutes and nine weeks every hour, as Prometheus answers: read, reckoned, printed in every form but PDF, in a process of its own; medians of the runs. */
export async function benchMonthly({ runs }: { readonly runs: number }): Promise<readonly Figure[]> {
  const seconds: number[] = [];
  const megabytes: number[] = [];
  for (let run = 0; run < runs; run++) {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    for await (const chunk of child.stdout) text += chunk;
    const [tookSeconds, peakMb] = text.trim().split(' ').map(Number);
    seconds.push(tookSeconds ?? Number.NaN);
    megabytes.push(peakMb ?? Number.NaN);
  }
  return [
    figure('monthly report, 31 days of 5-minute data', median(seconds), 's', { must: 5 }),
    figure('monthly report, memory at its peak', median(megabytes), 'MB', { must: 400 }),
  ];
}

/** Every series with a value at every step, fresh arrays each time as a parser makes them. */
function madeMetrics(): Metrics {
  const points = (range: { fromMs: number; toMs: number; stepMs: number }, of: (atMs: number) => number) =>
    Array.from(
      { length: Math.floor((range.toMs - range.fromMs) / range.stepMs) + 1 },
      (_none, index) => [range.fromMs + index * range.stepMs, of(range.fromMs + index * range.stepMs)] as const,
    );
  const people = (atMs: number) => 2_000 + 1_500 * Math.sin(atMs / 13_750_000);
  return {
    query: async () => [{ labels: {}, value: 100 }],
    async queryRange(expr, range): Promise<readonly Series[]> {
      if (expr === historyQueries.cost)
        return Array.from({ length: resources }, (_none, index) => ({
          labels: {
            resource_type: 'droplet',
            id: `d${index}`,
            name: `sfu-${index}`,
            cluster: 'gomeet',
            pool: 'sfu',
            price_source: 'api',
          },
          points: points(range, () => 1).filter(
            ([atMs]) => index % 2 === 0 || (Math.floor(atMs / halfDayMs) + index) % 3 !== 0,
          ),
        }));
      if (expr === historyQueries.bounds)
        return ['low', 'high'].map((bound) => ({ labels: { bound }, points: points(range, () => resources) }));
      return [{ labels: {}, points: points(range, expr === historyQueries.coverage ? () => 1 : people) }];
    },
  };
}

async function once(): Promise<void> {
  const startedMs = performance.now();
  const input = await gatherMonth({
    inventory: documentedInventory(20),
    metrics: madeMetrics(),
    reliability: undefined,
    budget: { amount: usd(35_000), setBy: undefined, setAtMs: undefined },
    clock: { now: () => Date.UTC(2026, 10, 3) },
    month: '2026-10',
    timeZone: 'Asia/Jakarta',
    gaps: [],
    progress: () => undefined,
  });
  await makeForms(monthlyReport(input), plainForms);
  console.log((performance.now() - startedMs) / 1_000, peakMemoryMb(process.pid));
}

if (import.meta.main) await once();
