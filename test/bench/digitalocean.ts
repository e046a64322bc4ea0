import { setTimeout as delay } from 'node:timers/promises';
import { type Stage, startStage } from '../exporters/digitalocean/stage.ts';
import { type Figure, figure, quantile } from './figures.ts';

const scrapes = 200;

/** Calls an hour at 20 nodes on a clock that is moved on, and how long /metrics takes while the API is slow, failing or away: the real exporter before the fake account, over loopback. */
export async function benchDigitalOcean({ say }: { say(line: string): void }): Promise<readonly Figure[]> {
  const stage = await startStage({ nodes: 20, timeoutMs: 1_000 });
  try {
    await stage.pass(60_000, 5_000);
    say('digitalocean: two hours of collection at 20 nodes, scraped every 15 s');
    await stage.pass(3_600_000, 15_000);
    const before = stage.fake.requests.length;
    for (let scraped = 0; scraped < 240; scraped += 1) {
      await stage.pass(15_000, 15_000);
      await stage.text();
    }
    const calls = stage.fake.requests.length - before;
    const rows = [figure('digitalocean: API calls an hour, 20 nodes', calls, 'calls', { must: 500 })];
    for (const [name, fault] of [
      ['slow', { kind: 'hang' }],
      ['failing', { kind: 'status', status: 500 }],
      ['away', { kind: 'lose-answer' }],
    ] as const) {
      stage.fake.clear();
      stage.fake.inject(fault, { times: 100_000 });
      rows.push(
        figure(`digitalocean: /metrics p99, API ${name}`, quantile(await scrape(stage), 0.99), 'ms', { must: 25 }),
      );
    }
    return rows;
  } finally {
    await stage.close();
  }
}

async function scrape(stage: Stage): Promise<readonly number[]> {
  // All parts come due within an hour; while they wait for the API, /metrics is read.
  await stage.pass(700_000, 50_000);
  const inTrouble = async () =>
    (await stage.text()).includes('digitalocean_exporter_collector_up{collector="clusters"} 0');
  for (let tries = 0; !(await inTrouble()); tries += 1) {
    if (tries === 50) throw new Error('the API was to be in trouble and is not');
    await stage.pass(1_000);
    await delay(200);
  }
  const tookMs: number[] = [];
  for (let count = 0; count < scrapes; count += 1) {
    const startedMs = performance.now();
    await stage.text();
    tookMs.push(performance.now() - startedMs);
    await delay(5);
  }
  return tookMs;
}

if (import.meta.main) console.table(await benchDigitalOcean({ say: console.error }));
