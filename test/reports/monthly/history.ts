import { open } from 'node:fs/promises';
import { roomRules } from '../../../alerts/recording/rooms.ts';
import { digitalOceanMetrics as cloud } from '../../../exporters/metrics/digitalocean.ts';
import { livekitExporterMetrics as exporter } from '../../../exporters/metrics/livekit-exporter.ts';
import { livekitServerMetrics as livekit } from '../../../exporters/metrics/livekit-server.ts';
import { monthBefore, monthOf, monthPeriod } from '../../../model/cost/accrual.ts';

/** The last whole month. */
export const month = monthBefore(monthOf(Date.now()));
const { fromMs: from, untilMs } = monthPeriod(month);
/** When it began. */
export const fromMs = from;
const stepMs = 300_000;
/** Steps of five minutes in it, as scrapes of a minute later would have them. */
export const steps = (untilMs - fromMs) / stepMs;
/** Hours of it. */
export const hours = steps / 12;
/** Steps of a day. */
export const stepsADay = 288;

interface Made {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** The value at a step; undefined where the series is not there. Step 0 is the beginning of the month. */
  readonly value: (step: number) => number | undefined;
  /** Steps that are written; without it those of the month, and an hour before so that a rate over its first hour has what it needs. */
  readonly within?: readonly [from: number, until: number];
}

/** Four nodes stand all month, six more by day on every third day. */
export const standsAt = (node: number, step: number): boolean => {
  const day = Math.floor(step / stepsADay);
  const hour = (step % stepsADay) / 12;
  return node < 4 || ((day + node) % 3 === 0 && hour >= 8 && hour < 20);
};
/** All nodes that there are. */
export const nodes = Array.from({ length: 10 }, (_none, node) => node);
// Weeks up to now, which `capacity compare` looks back at.
const today = Math.floor((Date.now() - fromMs) / 86_400_000);
const weeks = [(today - 80) * stepsADay, (today + 2) * stepsADay] as const;
/** Whether that day since the month began is no working day. */
export const isWeekend = (day: number): boolean => new Date(fromMs + day * 86_400_000).getUTCDay() % 6 === 0;
/** A weekday of last week on which three times as many came, in days since the month began. */
export const surprise = [today - 4, today - 5, today - 6].find((day) => !isWeekend(day)) ?? today - 4;
/** A day on which nobody was counted after four. */
export const unmeasured = today - 9;
/** Whoever meets now: most at half past ten and half past three, few at weekends, three times as many on one day, nobody counted after four on another. */
export const meetingAt = (step: number): number | undefined => {
  const day = Math.floor(step / stepsADay);
  const inDay = step - day * stepsADay;
  if (day === unmeasured && inDay > 48) return undefined;
  const busy = [126, 186].includes(inDay) ? 3_000 : 300;
  return busy * (isWeekend(day) ? 0.2 : 1) * (day === surprise ? 3 : 1);
};
/** Participants as the recording rule has them. */
export const peopleAt = (step: number) => 1_000 + Math.round(800 * Math.sin(step / 45) ** 2);
/** Bytes sent in a step. */
export const bytesAStep = 5e11;
/** Meetings that ended in a step. */
export const meetingsAStep = 6;
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
    within: weeks,
  })),
  // Two exporters count the same people, one of them late.
  ...[0, 1].flatMap((late) =>
    (['active', 'joining'] as const).map((state) => ({
      name: exporter.participants.name,
      labels: { state, kind: 'standard', instance: `${late}` },
      value: (step: number) => {
        const all = meetingAt(step - late);
        return all === undefined ? undefined : all * (state === 'active' ? 0.9 : 0.1);
      },
      within: weeks,
    })),
  ),
  { name: cloud.transferUsed.name, value: (step) => Math.max(0, step) * bytesAStep },
  { name: cloud.transferPool.name, value: () => 60e12 },
];

/** Writes every series as OpenMetrics, which promtool makes blocks of. */
export async function writeHistory(file: string): Promise<void> {
  const out = await open(file, 'w');
  // A family is written in one piece.
  for (const { name, labels = {}, value, within = [-13, steps] } of [...made].sort((a, b) =>
    a.name.localeCompare(b.name),
  )) {
    const shown = Object.entries(labels).map(([key, text]) => `${key}="${text}"`);
    const series = shown.length === 0 ? name : `${name}{${shown.join(',')}}`;
    const lines: string[] = [];
    for (let step = within[0]; step <= within[1]; step += 1) {
      const at = value(step);
      if (at !== undefined) lines.push(`${series} ${at} ${(fromMs + step * stepMs - 240_000) / 1_000}`);
    }
    await out.write(`${lines.join('\n')}\n`);
  }
  await out.write('# EOF\n');
  await out.close();
}
