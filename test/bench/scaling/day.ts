import type { Meeting, SimState } from '../../../lab/simulator/state.ts';

/** Platform seconds divided by this are seconds of the bench: fifteen, so that every duration of an HPA stays a whole second. */
export const factor = 15;

/** The surge and ebb: meetings of the largest size, one after another from the tenth minute on. Seconds of the platform. */
export const day = { seconds: 9_000, first: 600, everySeconds: 120, lastsSeconds: 2_400, meetings: 12, people: 500 };

/** Lets the meetings begin and end that are due in this second. */
export function runDay(state: SimState, second: number): void {
  const due = (from: number) => {
    const index = (second - from) / day.everySeconds;
    return Number.isInteger(index) && index >= 0 && index < day.meetings ? index : undefined;
  };
  const begins = due(day.first);
  if (begins !== undefined) state.meetings.push(meeting(begins, state.seconds));
  const ends = due(day.first + day.lastsSeconds);
  const ended = state.meetings.find(({ name }) => ends !== undefined && name === nameOf(ends));
  if (ended !== undefined) ended.goal = 0;
}

function nameOf(index: number): string {
  return `meeting-${index}`;
}

function meeting(index: number, createdAtSeconds: number): Meeting {
  return {
    name: nameOf(index),
    sid: undefined,
    nodeId: undefined,
    pinnedTo: undefined,
    participants: 0,
    reconnecting: 0,
    reconnectingSinceSeconds: undefined,
    goal: day.people,
    joinsPerSecond: 4,
    leavesPerSecond: 20,
    tiles: 25,
    speakers: 10,
    mainVideo: false,
    createdAtSeconds,
    emptySinceSeconds: undefined,
  };
}
