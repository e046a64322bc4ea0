import type { Meeting, SimState } from '../../../lab/simulator/state.ts';

/** Platform seconds divided by this are seconds of the bench: fifteen, so that every duration of an HPA stays a whole second. */
export const factor = 15;

/** The surge and ebb: meetings of the largest size, one after another from the tenth minute on; every other lasts twice as long, so that the ebb has people in it. Seconds of the platform. */
export const day = { seconds: 9_000, first: 600, everySeconds: 30, lastsSeconds: 2_400, meetings: 20, people: 500 };

/** Lets the meetings begin and end that are due in this second. */
export function runDay(state: SimState, second: number): void {
  const begun = (second - day.first) / day.everySeconds;
  if (Number.isInteger(begun) && begun >= 0 && begun < day.meetings) state.meetings.push(meeting(begun, state.seconds));
  for (const [index, lasts] of Array.from(
    { length: day.meetings },
    (_, of) => day.lastsSeconds * (1 + (of % 2)),
  ).entries()) {
    const ended = state.meetings.find(({ name }) => name === nameOf(index));
    if (ended !== undefined && second >= day.first + index * day.everySeconds + lasts) ended.goal = 0;
  }
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
