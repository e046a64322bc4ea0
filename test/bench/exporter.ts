import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient } from 'redis';
import { startFakeRoomService } from '../../lab/fakes/livekit-http.ts';
import { meetingSizes } from '../../lab/fakes/livekit-source.ts';
import { encodeNode } from '../../lab/fakes/livekit-wire.ts';
import { freeTcpPort } from '../../lab/peers/ports.ts';
import { startRedis } from '../../lab/peers/redis.ts';

/** One figure of the bench: what was measured, what it must be (at most), the limit measured beside it, and their ratio. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly must: number;
  readonly limit: number | undefined;
  readonly ratio: number | undefined;
}

/** How the bench runs; shorter for a test of the bench itself. */
export interface ExporterBenchOptions {
  readonly rooms: number;
  readonly participants: number;
  readonly nodes: number;
  readonly runs: number;
  readonly scrapes: number;
  readonly say: (line: string) => void;
}

const full: ExporterBenchOptions = {
  rooms: 2_500,
  participants: 50_000,
  nodes: 100,
  runs: 3,
  scrapes: 200,
  say: () => undefined,
};
const key = { name: 'bench', secret: 'a secret of at least 32 characters' };

/**
 * The exporter as it is run, in a process of its own, before a RoomService over HTTP and a real Redis that hold 50,000 participants in 2,500 rooms;
 * it collects three times as often as it would (every 5 s), people come and go in 200 rooms each second, and it is scraped over loopback meanwhile.
 * Beside it, one series a participant with prom-client.
 */
export async function benchExporter(options: Partial<ExporterBenchOptions> = {}): Promise<readonly BenchRow[]> {
  const plan = { ...full, ...options };
  const redis = await startRedis();
  const roomService = await startFakeRoomService(meetingSizes(plan.rooms, plan.participants));
  const stopFilling = await fillRedis(redis.url, roomService.roomNames, plan.nodes);
  const port = await freeTcpPort();
  const exporter = start('cli/main.ts', ['exporter', 'livekit', '--interval', '5'], {
    LIVEKIT_URL: roomService.url,
    LIVEKIT_API_KEY: key.name,
    LIVEKIT_API_SECRET: key.secret,
    REDIS_URL: redis.url,
    EXPORTER_ADDR: `127.0.0.1:${port}`,
  });
  const naive = start('test/bench/naive-exporter.ts', [String(plan.participants)], {});
  try {
    const churn = setInterval(() => roomService.churn(20), 100);
    plan.say('exporter: waiting until every room has been swept once');
    await waitFor(async () => roomService.calls.listParticipants >= plan.rooms, 120_000);
    const runs = [];
    for (let run = 0; run < plan.runs; run += 1)
      runs.push(await scrape(`http://127.0.0.1:${port}/metrics`, plan.scrapes));
    clearInterval(churn);
    plan.say('exporter: one series a participant beside it');
    const naiveUrl = `http://127.0.0.1:${await portOf(naive)}/metrics`;
    const limits = [];
    for (let run = 0; run < plan.runs; run += 1)
      limits.push(await scrape(naiveUrl, Math.max(10, Math.round(plan.scrapes / 10))));
    return rowsOf(runs, limits);
  } finally {
    for (const child of [exporter, naive]) await end(child);
    await stopFilling();
    await roomService.close();
    await redis.stop();
  }
}

interface Scrapes {
  readonly series: number;
  readonly p99Ms: number;
  readonly bytes: number;
  readonly residentBytes: number;
}

function rowsOf(runs: readonly Scrapes[], limits: readonly Scrapes[]): readonly BenchRow[] {
  const row = (name: string, unit: string, must: number, figure: (scrapes: Scrapes) => number): BenchRow => {
    const value = median(runs.map(figure));
    const limit = median(limits.map(figure));
    return { name, value, unit, must, limit, ratio: value / limit };
  };
  return [
    row('exporter: series at 50,000 participants', 'series', 3_000, ({ series }) => series),
    row('exporter: scrape p99', 'ms', 25, ({ p99Ms }) => p99Ms),
    row('exporter: size of a scrape', 'MB', 1, ({ bytes }) => bytes / 1e6),
    row('exporter: resident memory', 'MB', 200, ({ residentBytes }) => residentBytes / 1e6),
  ];
}

/** Scrapes at a steady pace, so that scrapes fall into collections as often as those take time. */
async function scrape(url: string, times: number): Promise<Scrapes> {
  const tookMs: number[] = [];
  let text = '';
  for (let count = 0; count < times; count += 1) {
    const startedMs = performance.now();
    text = await (await fetch(url)).text();
    tookMs.push(performance.now() - startedMs);
    await delay(50);
  }
  tookMs.sort((a, b) => a - b);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return {
    series: lines.length,
    p99Ms: tookMs[Math.ceil(times * 0.99) - 1] ?? Number.NaN,
    bytes: text.length,
    residentBytes: Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]),
  };
}

/** Nodes that keep reporting and a full room map, as LiveKit writes them. */
async function fillRedis(url: string, roomNames: readonly string[], nodes: number): Promise<() => Promise<void>> {
  const client = createClient({ url });
  await client.connect();
  const nodeIds = Array.from({ length: nodes }, (_, index) => `ND_${String(index).padStart(12, 'n')}`);
  await client.hSet(
    'room_node_map',
    Object.fromEntries(roomNames.map((name, index) => [name, nodeIds[index % nodes] ?? ''])),
  );
  const report = async () => {
    const updatedAtSeconds = Math.floor(Date.now() / 1_000);
    const load = {
      cpus: 32,
      cpuLoadRatio: 0.4,
      bytesInPerSecond: 1e6,
      bytesOutPerSecond: 1e8,
      ownRooms: Math.floor(roomNames.length / nodes),
      state: 1 as const,
      updatedAtSeconds,
    };
    await client.hSet(
      'nodes',
      Object.fromEntries(nodeIds.map((nodeId) => [nodeId, Buffer.from(encodeNode({ nodeId, ...load }))])),
    );
  };
  await report();
  const timer = setInterval(() => void report().catch(() => undefined), 2_000);
  return async () => {
    clearInterval(timer);
    client.destroy();
  };
}

function start(file: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

async function portOf(child: ChildProcess): Promise<number> {
  const [line] = child.stdout === null ? [''] : await once(child.stdout, 'data');
  return Number(String(line).trim());
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function waitFor(holds: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const until = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error('the exporter did not get ready');
    await delay(100);
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

if (import.meta.main) console.table(await benchExporter({ say: console.error }));
