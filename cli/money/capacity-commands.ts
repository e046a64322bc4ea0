import { readFile, stat } from 'node:fs/promises';
import { loadConfig, required } from '../../kernel/config.ts';
import { errorText, UsageError } from '../../kernel/errors.ts';
import { type Calibration, calibrateCpu } from '../../model/capacity/calibrate.ts';
import { comparePeaks } from '../../model/capacity/compare.ts';
import { fleetHeadroom } from '../../model/capacity/headroom.ts';
import { namedMixes, type RoomMix } from '../../model/capacity/mixes.ts';
import { type CpuCost, seedCpuCost } from '../../model/capacity/node.ts';
import { type PlanStep, scheduleBookings } from '../../model/capacity/schedule.ts';
import { mostParticipants, whatIf } from '../../model/capacity/what-if.ts';
import { forecastPeaks } from '../../model/forecast/forecast.ts';
import { trafficGrid } from '../../model/forecast/grid.ts';
import type { PriceBook } from '../../model/prices.ts';
import { maxBookingsBytes, readBookings } from '../../reports/capacity/bookings.ts';
import { namedMix, parseHistory, parseMix } from '../../reports/capacity/files.ts';
import { readCpuPoints, readFleet, readTraffic } from '../../reports/capacity/measure.ts';
import { type DeclaredPlatform, declaredPlatform } from '../../reports/capacity/platform.ts';
import {
  calibrationRow,
  columns,
  compareText,
  forecastText,
  headroomRows,
  planText,
} from '../../reports/capacity/tables.ts';
import { isTimeZone, localDay } from '../../reports/capacity/text.ts';
import { whatIfJson, whatIfReport, whatIfText } from '../../reports/capacity/what-if.ts';
import { whole } from '../../reports/figures.ts';
import { readSfuNodes } from '../../reports/monthly/history.ts';
import type { Metrics } from '../../responders/ports.ts';
import { priceBook } from '../../responders/price-book.ts';

type Format = { readonly format: 'table' | 'json' };
interface PlatformFlags {
  readonly mix: string;
  readonly size?: string;
  readonly poolMax?: number;
  readonly spareNodes: number;
}
const dayMs = 86_400_000;
const historyWeeks = 26;

/** `gomeet capacity now`. */
export async function capacityNow(flags: Format & { readonly calibrationDays: number }): Promise<void> {
  const metrics = await prometheus();
  const platform = await platformOf();
  const calibration = await calibrate(metrics, flags.calibrationDays);
  const cpu = cpuOf(calibration);
  const { nodes, unmeasured } = await readFleet(metrics, platform.size.slug, cpu);
  const room = fleetHeadroom(nodes, cpu);
  if (nodes.length === 0) process.exitCode = 1;
  if (flags.format === 'json')
    return json({ nodes, unmeasured, calibration, headroom: nodes.length > 0 ? room : null });
  const people = nodes.reduce((sum, { participants }) => sum + participants, 0);
  console.log(
    columns([
      ['serving nodes', `${nodes.length} measured, ${unmeasured.length} without figures (they count for nothing)`],
      ['participants', whole(people)],
      ...(nodes.length > 0 ? headroomRows(room) : [['headroom', 'unknown: no serving node has figures']]),
      calibrationRow(calibration),
      ...platform.findings.map((finding) => ['finding', finding]),
    ]),
  );
}

/** `gomeet capacity what-if`. */
export async function capacityWhatIf(
  flags: Format &
    PlatformFlags & {
      readonly participants: number;
      readonly hours: number;
      readonly dropletLimit?: number;
      readonly calibrate?: true;
    },
): Promise<void> {
  const platform = await platformOf(flags);
  const mix = await mixOf(flags.mix);
  const calibration = flags.calibrate ? await calibrate(await prometheus(), 7) : undefined;
  const report = whatIfReport(
    {
      participants: flags.participants,
      mix,
      size: platform.size,
      spareNodes: flags.spareNodes,
      ceilings: platform.ceilings,
      fullHoursPerDay: flags.hours,
      cpu: cpuOf(calibration),
      book: platform.book,
    },
    platform,
  );
  if (flags.format === 'json') return json({ ...whatIfJson(report), calibration: calibration ?? null });
  console.log(whatIfText(report, mix, calibrationRow(calibration)));
}

/** `gomeet capacity forecast`. */
export async function capacityForecast(
  flags: Format &
    PlatformFlags & {
      readonly from?: string;
      readonly weeks: number;
      readonly days: number;
      readonly capacity?: number;
      readonly timeZone: string;
    },
): Promise<void> {
  zone(flags.timeZone);
  const platform = await platformOf(flags);
  const mix = await mixOf(flags.mix);
  const points =
    flags.from === undefined
      ? await readTraffic(await prometheus(), { nowMs: Date.now(), weeks: flags.weeks })
      : parseHistory(await read(flags.from, 32 * 1024 * 1024), flags.from);
  const question = { mix, size: platform.size, spareNodes: flags.spareNodes, ceilings: [], fullHoursPerDay: 0 };
  const capacityParticipants = flags.capacity ?? mostParticipants(question, platform.maxNodes);
  const grid = trafficGrid(points, flags.timeZone);
  const forecast =
    grid === undefined
      ? ({ kind: 'not-enough-data', says: 'not one whole day of history' } as const)
      : forecastPeaks(grid, { days: flags.days, capacityParticipants });
  if (flags.format === 'json') return json({ capacityParticipants, timeZone: flags.timeZone, ...forecast });
  const from =
    flags.capacity === undefined
      ? `${whole(capacityParticipants)} participants: ${platform.maxNodes} x ${platform.size.slug}, mix ${mix.name}, ${flags.spareNodes} spare`
      : `${whole(capacityParticipants)} participants, as given`;
  console.log(forecastText(forecast, from));
}

/** `gomeet capacity compare`. */
export async function capacityCompare(
  flags: Format & PlatformFlags & { readonly weeks: number; readonly timeZone: string },
): Promise<void> {
  zone(flags.timeZone);
  const [metrics, mix] = [await prometheus(), await mixOf(flags.mix)];
  const nowMs = Date.now();
  // Each week is forecast from what was known before it: the history reaches back a season more.
  const points = await readTraffic(metrics, { nowMs, weeks: flags.weeks + historyWeeks });
  const range = { fromMs: nowMs - flags.weeks * 7 * dayMs - dayMs, untilMs: nowMs };
  const nodes = new Map(
    (await readSfuNodes(metrics, range, (atMs) => localDay(atMs, flags.timeZone))).map((one) => [one.day, one.nodes]),
  );
  const { size } = await platformOf(flags);
  const each = whatIf({ participants: 100_000, mix, size, spareNodes: 0, ceilings: [], fullHoursPerDay: 0 });
  const grid = trafficGrid(points, flags.timeZone);
  const comparison =
    grid &&
    comparePeaks(grid, {
      weeks: flags.weeks,
      provisioned: (day) =>
        nodes.get(day) === undefined ? undefined : (nodes.get(day) ?? 0) * each.participantsPerNode,
    });
  if (comparison === undefined || comparison.days.length === 0) {
    process.exitCode = 1;
    if (flags.format === 'json') return json({ timeZone: flags.timeZone, days: [] });
    return console.log('not enough data: not one whole week of history');
  }
  if (flags.format === 'json') return json({ timeZone: flags.timeZone, mix: mix.name, ...comparison });
  console.log(
    compareText(comparison, `${whole(each.participantsPerNode)} participants a ${size.slug}, mix ${mix.name}`),
  );
}

/** `gomeet capacity bookings`. */
export async function capacityBookings(
  file: string,
  flags: Format & {
    readonly days: number;
    readonly defaultParticipants?: number;
    readonly unbookedNodes: number;
    readonly spareNodes: number;
    readonly tiles: number;
    readonly speakers: number;
    readonly mainVideos: number;
    readonly timeZone: string;
    readonly follow?: true;
  },
): Promise<void> {
  zone(flags.timeZone);
  const nowMs = Date.now();
  const { bookings, issues } = readBookings(await read(file, maxBookingsBytes), {
    fromMs: nowMs,
    untilMs: nowMs + flags.days * dayMs,
    timeZone: flags.timeZone,
    defaultParticipants: flags.defaultParticipants,
  });
  const { size, minNodes, maxNodes } = await platformOf();
  const { tiles, speakers, mainVideos, unbookedNodes, spareNodes } = flags;
  const screen = { tiles, speakers, mainVideos };
  const schedule = scheduleBookings(bookings, { size, minNodes, maxNodes, unbookedNodes, spareNodes, screen });
  if (schedule.kind === 'room-too-large')
    throw new UsageError(
      `a meeting of ${schedule.participants} with ${tiles} tiles, ${speakers} speakers and ${mainVideos} large videos does not fit one ${size.slug}, and a room cannot span nodes`,
    );
  if (flags.follow) await follow(schedule.steps);
  if (flags.format === 'json')
    return json({
      bookings: bookings.length,
      issues,
      steps: schedule.steps.map(({ orderAtMs, servingAtMs, untilMs, extraCost, ...step }) => ({
        orderAt: new Date(orderAtMs).toISOString(),
        servingAt: new Date(servingAtMs).toISOString(),
        until: new Date(untilMs).toISOString(),
        ...step,
        extraCostUsd: extraCost / 1_000_000,
      })),
    });
  console.log(`${bookings.length} booked meetings within ${flags.days} days\n`);
  console.log(planText(schedule.steps, issues, flags.timeZone));
}

/** Stores the plan for the responder, in the place of the one before. */
async function follow(steps: readonly PlanStep[]): Promise<void> {
  const [{ withStore }, { putBookedSteps }] = await Promise.all([
    import('../common/store.ts'),
    import('../../responders/store/booked.ts'),
  ]);
  await withStore(({ database, subject }) => database.transaction((sql) => putBookedSteps(sql, steps, subject)));
  console.error(`the responder follows ${steps.length} ${steps.length === 1 ? 'step' : 'steps'} from now on`);
  const lacking = steps.filter(({ missingNodes }) => missingNodes > 0).length;
  if (lacking > 0)
    console.error(
      `${lacking} of them want more nodes than the pool may have: these are refused when they are due, and a thread says so`,
    );
}

/** The platform of the environment in force, at the prices in force. */
async function platformOf(
  asked: Parameters<typeof declaredPlatform>[0] = {},
): Promise<DeclaredPlatform & { readonly book: PriceBook }> {
  const config = loadConfig(process.env);
  const book = await priceBook(config);
  return { ...declaredPlatform({ ...asked, book }, config.GOMEET_ENVIRONMENT), book };
}

async function prometheus(): Promise<Metrics> {
  const [{ createPrometheus }, config] = [
    await import('../../responders/adapters/prometheus.ts'),
    loadConfig(process.env),
  ];
  return createPrometheus({ url: required(config, 'PROMETHEUS_URL'), timeoutMs: 30_000 });
}

async function calibrate(metrics: Metrics, days: number): Promise<Calibration> {
  const toMs = Date.now();
  return calibrateCpu(await readCpuPoints(metrics, { fromMs: toMs - days * dayMs, toMs }));
}

function cpuOf(calibration: Calibration | undefined): CpuCost {
  return calibration?.kind === 'fitted' ? calibration.cpu : seedCpuCost;
}

async function mixOf(nameOrFile: string): Promise<RoomMix> {
  const named = namedMix(nameOrFile);
  if (named !== undefined) return named;
  if (!/[./\\]/.test(nameOrFile))
    throw new UsageError(
      `no mix ${nameOrFile}; there are ${namedMixes.map(({ name }) => name).join(', ')}, or name a file such as ours.json`,
    );
  return parseMix(await read(nameOrFile, 1024 * 1024), nameOrFile);
}

function zone(name: string): void {
  if (!isTimeZone(name)) throw new UsageError(`no time zone ${name}; want an IANA name such as Asia/Jakarta`);
}

async function read(file: string, maxBytes: number): Promise<string> {
  try {
    const found = await stat(file);
    if (!found.isFile()) throw new Error('not a file');
    if (found.size > maxBytes) throw new Error(`${found.size} bytes; at most ${maxBytes} are read`);
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file}: ${errorText(error)}`);
  }
}

function json(value: unknown): void {
  console.log(JSON.stringify(value, undefined, 2));
}
