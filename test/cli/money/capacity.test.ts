import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { capacityQueries } from '../../../reports/capacity/measure.ts';
import { historyQueries } from '../../../reports/monthly/queries.ts';
import { bookedNow } from '../../../responders/store/booked.ts';
import { openDatabase } from '../../../responders/store/database.ts';
import { generatedTraffic } from '../../model/forecast/traffic.ts';
import { testDatabase } from '../../support/database.ts';

const gomeet = fileURLToPath(new URL('../../../cli/gomeet.mjs', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'gomeet-capacity-'));
after(() => rm(folder, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [gomeet, 'capacity', ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

async function file(name: string, value: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

test("what-if says that 50,000 people at 1 Mbit/s do not fit the runbook's pool, what binds, and what it costs", async () => {
  const asked = ['what-if', '--participants', '50000', '--mix', '1mbit'];
  const { code, stdout } = await run([...asked, '--pool-max', '20', '--format', 'json']);
  const answer = JSON.parse(stdout);
  assert.equal(code, 0);
  assert.deepEqual(
    [
      answer.nodes,
      answer.bindsFirst,
      answer.stoppedBy,
      answer.poolMaximum,
      answer.dropletLimit,
      answer.nodesMonthlyUsd,
    ],
    [37, 'network', 'pool-maximum', 20, null, 37 * 672],
  );
  const table = await run([...asked, '--pool-max', '20']);
  assert.match(table.stdout, /37 x c-32/);
  assert.match(table.stdout, /no: the pool's maximum is too low/);
  const declared = JSON.parse((await run([...asked, '--format', 'json'])).stdout);
  assert.deepEqual([declared.nodes, declared.poolMaximum], [37, 102]);
});

test('a mix of a file is used, and a wrong one names the field', async () => {
  const kind = { name: 'class', share: 1, participants: 40, tiles: 25, speakers: 2, mainVideos: 1 };
  const good = await file('good.json', { name: 'ours', kinds: [kind] });
  const answer = JSON.parse(
    (await run(['what-if', '--participants', '4000', '--mix', good, '--format', 'json'])).stdout,
  );
  assert.deepEqual([answer.mix, answer.rooms], ['ours', 100]);
  const bad = await file('bad.json', { name: 'ours', kinds: [kind, { ...kind, share: -1 }] });
  const refused = await run(['what-if', '--participants', '4000', '--mix', bad]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /kinds\.1/);
});

test('wrong arguments end with 2 or 1, a plain sentence and no stack', async () => {
  const asked: readonly (readonly [readonly string[], RegExp])[] = [
    [['what-if', '--participants', '5', '--mix', 'nope'], /no mix nope; there are largest/],
    [['what-if', '--participants', '-1'], /want a number from 1/],
    [['what-if', '--participants', '5', '--size', 'c-9000'], /no price for the size c-9000/],
    [['forecast', '--from', '/nonexistent.json'], /nonexistent\.json/],
    [['forecast', '--from', folder], /not a file/],
    [['bookings', await file('empty.ics', ''), '--time-zone', 'Mars/Olympus'], /no time zone Mars\/Olympus/],
    [['now'], /PROMETHEUS_URL/],
  ];
  for (const [args, says] of asked) {
    const { code, stdout, stderr } = await run(args, { PROMETHEUS_URL: '' });
    assert.ok(code === 1 || code === 2, args.join(' '));
    assert.match(stderr, says);
    assert.equal(stdout, '');
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
});

test('a forecast from a file shows its past error beside the guess, and too little history is called that', async () => {
  const story = { weeks: 14, growth: [0.02, 0.02], noise: 0.05, holidays: 2, outages: 2, gaps: 1 } as const;
  const recorded = (weeks: number) =>
    generatedTraffic(8, { ...story, weeks }).map(({ atMs, participants }) => ({
      at: new Date(atMs).toISOString(),
      participants,
    }));
  const long = await run(['forecast', '--from', await file('long.json', recorded(14)), '--days', '3']);
  assert.match(long.stdout, /past error\s+\d+\.\d % over 8 weeks; same hour last week: \d+\.\d %/);
  assert.match(long.stdout, /runs out on/);
  assert.match(long.stdout, /2026-04-13/);
  const short = await run(['forecast', '--from', await file('short.json', recorded(3))]);
  assert.match(short.stdout, /^not enough data/);
});

test('bookings become a plan, and what was left out is said', async () => {
  const startMs = Date.now() + 86_400_000;
  const meeting = {
    startsAt: new Date(startMs).toISOString(),
    endsAt: new Date(startMs + 3_600_000).toISOString(),
    participants: 500,
  };
  const path = await file('bookings.json', [
    ...Array.from({ length: 30 }, () => meeting),
    { name: '\u001b[31msecret' },
  ]);
  const plan = JSON.parse((await run(['bookings', path, '--format', 'json'])).stdout);
  assert.deepEqual([plan.bookings, plan.steps.length, plan.steps[0].nodes], [30, 1, 31]);
  assert.deepEqual(plan.issues, [{ at: 'entry 31', reason: 'not-a-booking' }]);
  const table = await run(['bookings', path]);
  assert.match(table.stdout, /entry 31: not-a-booking/);
  assert.doesNotMatch(table.stdout, /secret|\[31m/);
});

test('headroom comes from Prometheus, with the CPU of a packet fitted and its fit shown; without nodes it is unknown and exits 1', async () => {
  let nodes: readonly string[] = ['a', 'b', 'c'];
  const figures: Readonly<Record<string, number>> = {
    [capacityQueries.serving]: 1,
    [capacityQueries.load]: 0.1,
    [capacityQueries.bytes]: 25_000_000,
    [capacityQueries.participants]: 200,
    [capacityQueries.packets]: 100_000,
    [capacityQueries.cores]: 32,
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const expr = url.searchParams.get('query') ?? '';
    const isRange = url.pathname.endsWith('query_range');
    const from = Number(url.searchParams.get('start'));
    const per = expr === capacityQueries.packets ? 10_000 : 0.2;
    const result = nodes.map((node_id) => ({
      metric: { node_id },
      ...(isRange
        ? { values: Array.from({ length: 40 }, (_, index) => [from + index * 900, `${(index + 1) * per}`]) }
        : { value: [0, `${figures[expr]}`] }),
    }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'success', data: { resultType: isRange ? 'matrix' : 'vector', result } }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const env = { PROMETHEUS_URL: `http://127.0.0.1:${address.port}` };

  const { code, stdout } = await run(['now', '--format', 'json'], env);
  const now = JSON.parse(stdout);
  assert.equal(code, 0);
  assert.equal(now.nodes.length, 3);
  // 0.2 cores for 10,000 packets a second.
  assert.ok(now.calibration.kind === 'fitted' && Math.abs(now.calibration.cpu.secondsPerPacket - 2e-5) < 1e-9);
  // 200 people use 3.2 of the 19.2 cores that may be planned: 1,000 more on each node; on two nodes that is 2,400 in all, less the 600 who are there.
  assert.deepEqual(now.headroom, {
    now: { participants: 3_000, largestMeetings: 3 },
    oneLost: { participants: 1_800, largestMeetings: 2 },
  });
  assert.match((await run(['now'], env)).stdout, /R² 1\.000, residuals 0\.00 cores/);

  nodes = [];
  const empty = await run(['now'], env);
  assert.equal(empty.code, 1);
  assert.match(empty.stdout, /unknown: no serving node has figures/);
});

test('compare sets the real peak of each day beside its forecast of the week before and what stood ready', async () => {
  const hourMs = 3_600_000;
  // Peaks of 1,000 in office hours and 100 else; three nodes stand all the time.
  const people = (seconds: number) => ((seconds / 3_600 - 1) % 24 < 10 ? 1_000 : 100);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const expr = url.searchParams.get('query') ?? '';
    const [from, to] = ['start', 'end'].map((name) => Number(url.searchParams.get(name)));
    const value = expr === capacityQueries.traffic ? people : expr === historyQueries.sfuNodes ? () => 3 : undefined;
    const steps = Math.floor(((to ?? 0) - (from ?? 0)) / 3_600) + 1;
    const values = Array.from({ length: steps }, (_, index) => {
      const at = (from ?? 0) + index * 3_600;
      return [at, String(value?.(at))];
    });
    response.writeHead(value === undefined ? 400 : 200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const env = { PROMETHEUS_URL: `http://127.0.0.1:${address.port}` };

  const { code, stdout, stderr } = await run(
    ['compare', '--weeks', '2', '--time-zone', 'UTC', '--mix', 'office', '--format', 'json'],
    env,
  );
  assert.equal(code, 0, stderr);
  const { days, missRatio, within, forecastDays, short } = JSON.parse(stdout);
  assert.deepEqual([days.length, forecastDays, within, short], [14, 14, 14, 0]);
  assert.ok(missRatio < 0.02, String(missRatio));
  for (const day of days) {
    assert.equal(day.real, 1_000);
    assert.ok(day.provisioned > 1_000 && day.provisioned % 3 === 0);
  }
  assert.equal(Date.parse(days.at(-1).day) > Date.now() - 72 * hourMs, true);
  const table = await run(['compare', '--weeks', '1', '--time-zone', 'UTC'], env);
  assert.match(table.stdout, /forecast a week ahead\s+missed by \d\.\d % on average; 7 of 7 peaks within the range/);
});

test('the same meetings in iCalendar and JSON become the plan that the responder follows, each in the place of the last', async () => {
  const DATABASE_URL = await testDatabase();
  const database = openDatabase(DATABASE_URL, { max: 1, name: 'test' });
  after(() => database.close());
  // People come ten minutes early and nodes boot before that: their order is due now.
  const startsAt = new Date(Math.floor(Date.now() / 1_000) * 1_000 + 300_000);
  const endsAt = new Date(startsAt.getTime() + 3_600_000);
  const stamp = (at: Date) => at.toISOString().replace(/[-:]|\.\d+/g, '');
  const event = (uid: number) =>
    `BEGIN:VEVENT\r\nUID:${uid}\r\nDTSTART:${stamp(startsAt)}\r\nDTEND:${stamp(endsAt)}\r\nX-GOMEET-PARTICIPANTS:500\r\nEND:VEVENT\r\n`;
  const calendar = join(folder, 'meetings.ics');
  const thirty = Array.from({ length: 30 }, (_, index) => index);
  await writeFile(
    calendar,
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n${thirty.map(event).join('')}END:VCALENDAR\r\n`,
  );
  const list = await file(
    'meetings.json',
    thirty.slice(0, 25).map(() => ({ startsAt, endsAt, participants: 500 })),
  );
  const nodesFrom = async (path: string) => {
    const { code, stderr } = await run(['bookings', path, '--follow', '--days', '1'], { DATABASE_URL });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /the responder follows 1 step from now on/);
    return await bookedNow(database);
  };

  const fromCalendar = await nodesFrom(calendar);
  const fromJson = await nodesFrom(list);

  assert.deepEqual([fromCalendar?.meetings, fromCalendar?.participants, fromCalendar?.nodes], [30, 15_000, 31]);
  assert.deepEqual([fromJson?.meetings, fromJson?.participants, fromJson?.nodes], [25, 12_500, 26]);
});

test('a plan for more nodes than the pool may have is stored, and says so at once', async () => {
  const DATABASE_URL = await testDatabase();
  const startMs = Date.now() + 3_600_000;
  const [startsAt, endsAt] = [startMs, startMs + 3_600_000].map((ms) => new Date(ms).toISOString());
  const meetings = (count: number) => Array.from({ length: count }, () => ({ startsAt, endsAt, participants: 500 }));
  const follow = async (count: number) =>
    await run(['bookings', await file(`${count}.json`, meetings(count)), '--follow', '--days', '1'], { DATABASE_URL });

  const [fits, lacks] = [await follow(50), await follow(110)];

  assert.equal(fits.code, 0, fits.stderr);
  assert.doesNotMatch(fits.stderr, /more nodes than the pool/);
  assert.equal(lacks.code, 0, lacks.stderr);
  assert.match(lacks.stderr, /1 of them want more nodes than the pool may have: these are refused when they are due/);
  assert.match(lacks.stdout, /the pool lacks 9/);
});
