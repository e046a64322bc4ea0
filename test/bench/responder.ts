import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { timings as production } from '../../responders/core.ts';
import type { EmbeddedStore } from '../../responders/store/embedded.ts';
import { killAtRandom } from '../faults/random-kills.ts';
import {
  crashLoop,
  type FaultWorld,
  journalCount,
  processToken,
  serviceNames,
  startFaultWorld,
} from '../faults/world.ts';
import { type WebhookInput, waitFor, webhookBody } from '../support/rig.ts';
import { type Figure, figure, median, peakMemoryMb, post, postOne, quantile } from './figures.ts';

/** What a part of the bench works with. */
export interface Bench {
  readonly store: EmbeddedStore;
  readonly runs: number;
  say(line: string): void;
}

let databases = 0;

/** A world on a new database, closed when `work` is done. */
async function inWorld<T>(
  bench: Bench,
  deployments: Readonly<Record<string, number>>,
  work: (world: FaultWorld) => Promise<T>,
): Promise<T> {
  databases += 1;
  const world = await startFaultWorld(
    deployments,
    await bench.store.createDatabase(`bench${process.pid}x${databases}`),
  );
  try {
    return await work(world);
  } finally {
    await world.close();
  }
}

/** Starts the bare server; returns its address and its end. */
async function bareServer(mode: 'insert' | 'call', target: string): Promise<{ url: string; end(): void }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./bare-server.ts', import.meta.url)), mode, target], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve));
  return { url: `http://127.0.0.1:${port}/`, end: () => void child.kill('SIGKILL') };
}

/** A node of the fleet is saturated: the alert has a runbook, and all but the first are refused by its guards. */
function saturated(index: number): WebhookInput {
  return { alertname: 'SfuSaturated', labels: { service: 'livekit-sfu', node_id: `ND_${index}` } };
}

/** Alerts accepted durably at 16 clients, one a request, while they are folded, decided and journalled in the same process. */
export async function benchIntake(bench: Bench): Promise<Figure[]> {
  const count = 6_000;
  const bodies = Array.from({ length: count }, (_none, index) => webhookBody([saturated(index)]));
  const rates: number[] = [];
  const tails: number[] = [];
  const bareRates: number[] = [];
  const bareTails: number[] = [];
  for (let run = 0; run < bench.runs; run += 1) {
    await inWorld(bench, { 'livekit-sfu': 4 }, async (world) => {
      const replica = await world.start('bench', { timings: production });
      await post(`${replica.url}/alertmanager`, bodies.slice(0, 500), { clients: 16, token: processToken });
      const { tookMs, totalMs, refused } = await post(`${replica.url}/alertmanager`, bodies.slice(500), {
        clients: 16,
        token: processToken,
      });
      if (refused > 0) throw new Error(`${refused} requests were refused`);
      rates.push(((count - 500) / totalMs) * 1_000);
      tails.push(quantile(tookMs, 0.99));
      await waitFor(
        async () => (await journalCount(world.database, 'fired')) === count,
        'all alerts to be folded',
        60_000,
      );
      await replica.signal('SIGKILL');
      const bare = await bareServer('insert', world.databaseUrl);
      await post(bare.url, bodies.slice(0, 500), { clients: 16, token: '' });
      const beside = await post(bare.url, bodies.slice(500), { clients: 16, token: '' });
      bare.end();
      bareRates.push(((count - 500) / beside.totalMs) * 1_000);
      bareTails.push(quantile(beside.tookMs, 0.99));
    });
    bench.say(
      `intake ${run + 1}/${bench.runs}: ${rates.at(-1)?.toFixed(0)}/s, p99 ${tails.at(-1)?.toFixed(1)} ms (bare ${bareRates.at(-1)?.toFixed(0)}/s)`,
    );
  }
  return [
    figure('alerts accepted durably, 16 clients', median(rates), '/s', {
      must: 1_000,
      direction: 'at least',
      limit: median(bareRates),
    }),
    figure('alerts accepted durably, p99', median(tails), 'ms', { must: 100, limit: median(bareTails) }),
  ];
}

/** From the webhook to the first call at the API server, episodes on distinct targets at a steady rate, all guards on. */
export async function benchAct(bench: Bench): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { rate, seconds } of [
    { rate: 20, seconds: 15 },
    { rate: 100, seconds: 5 },
  ]) {
    const tails: number[] = [];
    const middles: number[] = [];
    const bareTails: number[] = [];
    for (let run = 0; run < bench.runs; run += 1) {
      const services = serviceNames(rate * seconds);
      await inWorld(bench, Object.fromEntries(services.map((name) => [name, 1])), async (world) => {
        // No proxy in between: the API server itself counts.
        const replica = await world.start('bench', { timings: production, direct: true });
        await waitFor(() => world.kubernetes.requests.length >= 6, 'the first readings');
        await delay(1_000);
        const tookMs = await latencies(world, services, rate, `${replica.url}/alertmanager`);
        tails.push(quantile(tookMs, 0.99));
        middles.push(quantile(tookMs, 0.5));
        await replica.signal('SIGKILL');
        const bare = await bareServer('call', world.kubernetes.url);
        bareTails.push(quantile(await latencies(world, services, rate, bare.url), 0.99));
        bare.end();
      });
      bench.say(
        `act at ${rate}/s ${run + 1}/${bench.runs}: p50 ${middles.at(-1)?.toFixed(1)}, p99 ${tails.at(-1)?.toFixed(1)} ms`,
      );
    }
    figures.push(
      figure(`webhook to first API call at ${rate} episodes/s, p50`, median(middles), 'ms'),
      figure(`webhook to first API call at ${rate} episodes/s, p99`, median(tails), 'ms', {
        ...(rate === 20 ? { must: 100 } : {}),
        limit: median(bareTails),
      }),
    );
  }
  return figures;
}

async function latencies(world: FaultWorld, services: readonly string[], rate: number, url: string): Promise<number[]> {
  const sentMs = new Map<string, number>();
  const tookMs = new Map<string, number>();
  world.kubernetes.onRequest = async ({ path }) => {
    const service = /\/deployments\/([^/]+)$/.exec(path)?.[1];
    const sent = service === undefined ? undefined : sentMs.get(service);
    if (service !== undefined && sent !== undefined && !tookMs.has(service))
      tookMs.set(service, performance.now() - sent);
  };
  const startedMs = performance.now();
  const sending: Promise<number>[] = [];
  for (const [index, service] of services.entries()) {
    const wait = startedMs + (index * 1_000) / rate - performance.now();
    if (wait > 0) await delay(wait);
    sentMs.set(service, performance.now());
    sending.push(postOne(url, webhookBody([crashLoop(service)]), processToken));
  }
  await Promise.all(sending);
  await waitFor(() => tookMs.size === services.length, 'a call for each', 60_000);
  world.kubernetes.onRequest = undefined;
  return [...tookMs.values()];
}

/** A storm: none lost, and how much memory it took at its worst; PostgreSQL apart. */
export async function benchStorm(bench: Bench): Promise<Figure[]> {
  const peakOf = async (alerts: number, perWebhook: number): Promise<{ peakMb: number; lost: number }> =>
    await inWorld(bench, { 'livekit-sfu': 4 }, async (world) => {
      const replica = await world.start('storm', { timings: production });
      const all = Array.from({ length: alerts }, (_none, index) => saturated(index));
      const bodies = Array.from({ length: alerts / perWebhook }, (_none, index) =>
        webhookBody(all.slice(index * perWebhook, (index + 1) * perWebhook)),
      );
      const { refused } = await post(`${replica.url}/alertmanager`, bodies, { clients: 16, token: processToken });
      if (refused > 0) throw new Error(`${refused} webhooks were refused`);
      await waitFor(
        async () => (await world.database.query('select from inbox limit 1')).length === 0,
        'the inbox to be empty',
        120_000,
      );
      // They are all decided again after 15 s: the storm is over when that is, too.
      await delay(production.redecideMs + 5_000);
      return { peakMb: peakMemoryMb(replica.pid), lost: alerts - (await journalCount(world.database, 'fired')) };
    });
  const small = await peakOf(1_000, 10);
  const large = await peakOf(10_000, 10);
  bench.say(`storm: ${large.lost} lost, ${large.peakMb.toFixed(0)} MB (${small.peakMb.toFixed(0)} MB at 1,000)`);
  const single = await peakOf(10_000, 10_000);
  return [
    figure('storm of 10,000 alerts: lost', large.lost + single.lost, 'alerts', { must: 0 }),
    figure('storm of 10,000 alerts: peak memory', large.peakMb, 'MB', { must: 400, limit: small.peakMb }),
    figure('storm of 10,000 alerts: more than at 1,000', large.peakMb - small.peakMb, 'MB', { must: 50 }),
    figure('the same in one webhook: peak memory', single.peakMb, 'MB', { must: 400 }),
  ];
}

/** From the start of the process to readiness, its store being there. */
export async function benchRestart(bench: Bench): Promise<Figure[]> {
  return await inWorld(bench, { 'livekit-sfu': 4 }, async (world) => {
    const tookMs: number[] = [];
    for (let run = 0; run < 7; run += 1) {
      const startedMs = performance.now();
      const replica = await world.start(`restart-${run}`, { timings: production });
      if ((await fetch(`${replica.url}/readyz`)).status !== 200) throw new Error('not ready');
      tookMs.push(performance.now() - startedMs);
      await replica.signal('SIGKILL');
    }
    const bare = performance.now();
    await new Promise((resolve) => spawn(process.execPath, ['-e', '0']).once('exit', resolve));
    return [
      figure('restart to ready', median(tookMs) / 1_000, 's', { must: 2, limit: (performance.now() - bare) / 1_000 }),
    ];
  });
}

/** Kills at random moments, each in the middle of alerts that come in. */
export async function benchKills(bench: Bench): Promise<Figure[]> {
  const kills = 200;
  return await inWorld(bench, Object.fromEntries(serviceNames(600).map((name) => [name, 1])), async (world) => {
    const outcome = await killAtRandom(world, { kills, seed: 11 });
    bench.say(
      `kills: ${outcome.accepted} alerts accepted, ${outcome.lost.length} lost, ${outcome.repeated.length} repeated`,
    );
    return [
      figure(`${kills} random kills: accepted alerts lost`, outcome.lost.length, 'alerts', { must: 0 }),
      figure(`${kills} random kills: effects repeated`, outcome.repeated.length, 'effects', { must: 0 }),
      figure(`${kills} random kills: alerts acted on`, outcome.accepted - outcome.lost.length, 'alerts', {
        must: 600,
        direction: 'at least',
      }),
    ];
  });
}
