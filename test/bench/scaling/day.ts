import type { Meeting, SimState } from '../../../lab/simulator/state.ts';

/** Platform seconds divided by this are seconds of the bench: fifteen, so that every duration of an HPA stays a whole second. */
export const factor = 15;

/** A surge and ebb of meetings of the largest size. Seconds of the platform. */
export interface Day {
  readonly name: string;
  readonly seconds: number;
  /** When the first meeting begins, and how long after it each of the others. */
  readonly first: number;
  readonly everySeconds: number;
  readonly meetings: number;
  readonly people: number;
  /** How long meetings last, in turn. */
  readonly lastsSeconds: readonly number[];
}

/** A working day that any policy can follow, and a conference: all at once, and still full rooms while others end. */
export const days = {
  working: {
    name: 'working day',
    seconds: 9_000,
    first: 600,
    everySeconds: 120,
    meetings: 12,
    people: 500,
    lastsSeconds: [2_400],
  },
  conference: {
    name: 'conference',
    seconds: 9_000,
    first: 600,
    everySeconds: 30,
    meetings: 20,
    people: 500,
    lastsSeconds: [2_400, 4_800],
  },
} as const satisfies Readonly<Record<string, Day>>;

/** Lets the meetings begin and end that are due in this second. */
export function runDay(day: Day, state: SimState, second: number): void {
  for (let index = 0; index < day.meetings; index += 1) {
    const begins = day.first + index * day.everySeconds;
    if (second === begins) state.meetings.push(meeting(index, day.people, state.seconds));
    if (second !== begins + (day.lastsSeconds[index % day.lastsSeconds.length] ?? 0)) continue;
    const ended = state.meetings.find(({ name }) => name === nameOf(index));
    if (ended !== undefined) ended.goal = 0;
  }
}

function nameOf(index: number): string {
  return `meeting-${index}`;
}

function meeting(index: number, goal: number, createdAtSeconds: number): Meeting {
  return {
    name: nameOf(index),
    sid: undefined,
    nodeId: undefined,
    pinnedTo: undefined,
    participants: 0,
    reconnecting: 0,
    reconnectingSinceSeconds: undefined,
    goal,
    joinsPerSecond: 4,
    leavesPerSecond: 20,
    tiles: 25,
    speakers: 10,
    mainVideo: false,
    createdAtSeconds,
    emptySinceSeconds: undefined,
  };
}
