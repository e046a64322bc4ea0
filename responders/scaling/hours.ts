/** Hours of some days of the week during which a rule is in force, by the clock on a wall somewhere. */
export interface Hours {
  /** Days on which it begins, 0 for Sunday. */
  readonly days: readonly number[];
  /** Minutes after midnight. An end at or before the beginning is of the next day. */
  readonly fromMinute: number;
  readonly untilMinute: number;
  /** IANA name, such as Asia/Jakarta. */
  readonly timeZone: string;
}

const weekDays: readonly string[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const dayMinutes = 1_440;
const minuteMs = 60_000;

/** For how long the hours go on from this moment, in milliseconds; undefined outside them. */
export function hoursLeft(hours: Hours, nowMs: number): number | undefined {
  const { day, minute } = wall(nowMs, hours.timeZone);
  const length = (hours.untilMinute - hours.fromMinute + dayMinutes) % dayMinutes || dayMinutes;
  for (const back of [0, 1]) {
    const since = minute - hours.fromMinute + back * dayMinutes;
    if (since >= 0 && since < length && hours.days.includes((day - back + 7) % 7))
      return (length - since) * minuteMs - (nowMs % minuteMs);
  }
  return undefined;
}

function wall(atMs: number, timeZone: string): { day: number; minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(atMs);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return {
    day: weekDays.indexOf(part('weekday').toLowerCase()),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

/** Reads `mon-fri`, `sat,sun` or `daily`; undefined for anything else. */
export function parseDays(text: string): readonly number[] | undefined {
  if (text === 'daily') return [0, 1, 2, 3, 4, 5, 6];
  const days = text.split(',').map((part) => {
    const [first, last, more] = part.split('-').map((name) => weekDays.indexOf(name.toLowerCase()));
    if (first === undefined || first < 0 || last === -1 || more !== undefined) return undefined;
    const count = last === undefined ? 1 : ((last - first + 7) % 7) + 1;
    return Array.from({ length: count }, (_none, index) => (first + index) % 7);
  });
  return days.includes(undefined) ? undefined : [...new Set(days.flatMap((some) => some ?? []))].sort();
}

/** Reads `08:30` as minutes after midnight; undefined for anything else. */
export function parseMinute(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}

/** `mon,tue 08:30-18:00 Asia/Jakarta`. */
export function hoursText({ days, fromMinute, untilMinute, timeZone }: Hours): string {
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const which = days.length === 7 ? 'daily' : days.map((day) => weekDays[day]).join(',');
  return `${which} ${clock(fromMinute)}-${clock(untilMinute)} ${timeZone}`;
}
