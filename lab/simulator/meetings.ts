import { emptyRoomSeconds, reconnectSeconds } from './physics.ts';
import { statsFresh } from './processes.ts';
import { type Random, wholeNumber } from './random.ts';
import { type Meeting, nameSuffix, nextSerial, type Sfu, type SimState } from './state.ts';

/** cpu_load_limit of LiveKit's node selector; soft: when every node is above it, all are candidates again. */
const cpuLoadLimit = 0.9;
/** People who were thrown off come back this fast. */
const reconnectsPerSecond = 100;
/** Mean stay of a person in a meeting that goes on: they leave and others come. */
const meanStaySeconds = 3_600;
/** Above this load some joins do not get their media through. */
const starvedCpuRatio = 0.97;

/** The rooms, and the people who come and go. */
export function stepMeetings(state: SimState, dtSeconds: number, random: Random): void {
  for (const meeting of state.meetings) {
    loseConnections(state, meeting);
    reconnect(state, meeting, dtSeconds, random);
    join(state, meeting, dtSeconds, random);
    leave(state, meeting, dtSeconds, random);
    closeWhenEmpty(state, meeting);
  }
  state.meetings = state.meetings.filter(
    (meeting) => meeting.goal > 0 || meeting.sid !== undefined || meeting.participants + meeting.reconnecting > 0,
  );
}

function home(state: SimState, meeting: Meeting): Sfu | undefined {
  return state.sfus.find((sfu) => sfu.nodeId === meeting.nodeId);
}

/** A crash looks like a network failure: everyone tries again by themselves. */
function loseConnections(state: SimState, meeting: Meeting): void {
  if (meeting.nodeId === undefined || home(state, meeting)?.alive || meeting.participants === 0) return;
  meeting.reconnecting += meeting.participants;
  meeting.participants = 0;
  meeting.reconnectingSinceSeconds = state.seconds;
}

function reconnect(state: SimState, meeting: Meeting, dtSeconds: number, random: Random): void {
  if (meeting.reconnecting === 0) return;
  if (place(state, meeting)) {
    const back = Math.min(meeting.reconnecting, wholeNumber(reconnectsPerSecond * dtSeconds, random));
    meeting.reconnecting -= back;
    meeting.participants += back;
  } else if (state.seconds - (meeting.reconnectingSinceSeconds ?? state.seconds) > reconnectSeconds) {
    state.people.gaveUp += meeting.reconnecting;
    meeting.reconnecting = 0;
  }
}

/** The node of a meeting's room. A room stays where it is while that node's stats are fresh, draining or not (SelectRoomNode); else it is placed on one that serves. */
function place(state: SimState, meeting: Meeting): Sfu | undefined {
  const current = home(state, meeting);
  // Stats of a node that has just died are still fresh: the room is bound to it, and no join gets through.
  if (current !== undefined && statsFresh(state, current)) return current.alive ? current : undefined;
  const serving = state.sfus.filter((sfu) => sfu.state === 'serving' && statsFresh(state, sfu) && sfu.alive);
  const cool = serving.filter((sfu) => sfu.cpuLoadRatio < cpuLoadLimit);
  const rooms = (sfu: Sfu) => state.meetings.filter((other) => other.nodeId === sfu.nodeId).length;
  const byLoad = (cool.length > 0 ? cool : serving).sort(
    (a, b) => a.cpuLoadRatio - b.cpuLoadRatio || rooms(a) - rooms(b),
  );
  const chosen = serving.find((sfu) => sfu.pod === meeting.pinnedTo || sfu.nodeId === meeting.pinnedTo) ?? byLoad[0];
  if (chosen === undefined) return undefined;
  meeting.nodeId = chosen.nodeId;
  // A crash leaves the room in Redis: the node that takes it over loads it with the sid it had.
  meeting.sid ??= `RM_${nameSuffix(nextSerial(state), 12)}`;
  return chosen;
}

function join(state: SimState, meeting: Meeting, dtSeconds: number, random: Random): void {
  const missing = meeting.goal - meeting.participants - meeting.reconnecting;
  if (missing <= 0) return;
  const attempts = Math.min(missing, wholeNumber(meeting.joinsPerSecond * dtSeconds, random));
  if (attempts === 0) return;
  const alive = state.sfus.filter((sfu) => sfu.alive && sfu.state !== 'starting');
  const signal = alive[Math.floor(random() * alive.length)];
  const media = place(state, meeting);
  if (media === undefined || signal === undefined) {
    state.people.failedJoins += attempts;
    if (signal) signal.joins.signal_failed += attempts;
    return;
  }
  const failureRatio = Math.max(state.joinFailureRatio, media.cpuLoadRatio > starvedCpuRatio ? 0.04 : 0);
  const failed = Math.min(attempts, wholeNumber(attempts * failureRatio, random));
  const joined = attempts - failed;
  signal.joins.signal_connected += attempts;
  media.joins.rtc_init += attempts;
  media.joins.rtc_connected += joined;
  if (signal !== media) signal.joins.rtc_connected += joined;
  media.joins.rtc_active += joined;
  media.joins.rtc_success += joined;
  media.joins.rtc_failure += failed;
  meeting.participants += joined;
  state.people.joined += joined;
  state.people.failedJoins += failed;
}

function leave(state: SimState, meeting: Meeting, dtSeconds: number, random: Random): void {
  const excess = Math.max(meeting.participants - meeting.goal, 0);
  const wanted =
    excess > 0
      ? Math.min(excess, wholeNumber(meeting.leavesPerSecond * dtSeconds, random))
      : wholeNumber((meeting.participants * dtSeconds) / meanStaySeconds, random);
  const leaving = Math.min(meeting.participants, wanted);
  meeting.participants -= leaving;
  state.people.left += leaving;
}

/** The node that holds a room closes it; a dead one cannot, and its rooms stay in Redis. */
function closeWhenEmpty(state: SimState, meeting: Meeting): void {
  const held = meeting.sid !== undefined && home(state, meeting)?.alive === true;
  if (meeting.participants + meeting.reconnecting > 0 || !held) {
    meeting.emptySinceSeconds = undefined;
    return;
  }
  meeting.emptySinceSeconds ??= state.seconds;
  if (state.seconds - meeting.emptySinceSeconds < emptyRoomSeconds) return;
  meeting.sid = undefined;
  meeting.nodeId = undefined;
}
