import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { processMetrics as ofProcess } from '../../exporters/metrics/process.ts';
import type { LabTime } from '../time.ts';
import { wallMs } from '../time.ts';
import { type ExposedSample, expose, type Family } from './exposition.ts';
import { qualityBounds, sfuCores } from './physics.ts';
import { participantsOn } from './processes.ts';
import { joinStates, type Sfu, type SimState } from './state.ts';

/**
 * /metrics of one simulated livekit-server. What flows (CPU seconds, packets, bytes) is divided by the lab's factor, so that `rate()` over the
 * wall clock gives what it is on the platform; what happens (joins, samples of the score) is counted as it happens.
 */
export function exposeSfu(state: SimState, sfu: Sfu, time: LabTime): string {
  const labels = { node_id: sfu.nodeId, node_type: 'SERVER' };
  const one = (value: number): ExposedSample[] => [{ labels, value }];
  const rooms = state.meetings.filter((meeting) => meeting.nodeId === sfu.nodeId);
  const flow = (total: number) => total / time.factor;
  const directions = (incoming: number, outgoing: number): ExposedSample[] =>
    Object.entries({ incoming, outgoing }).map(([direction, value]) => ({
      labels: { country: '', direction, ...labels, transmission: 'initial' },
      value: Math.round(flow(value)),
    }));
  return expose([
    { name: livekit.rooms.name, type: 'gauge', samples: one(rooms.length) },
    { name: livekit.participants.name, type: 'gauge', samples: one(countedParticipants(state, sfu)) },
    { name: livekit.packets.name, type: 'counter', samples: directions(sfu.packetsInTotal, sfu.packetsOutTotal) },
    { name: livekit.packetBytes.name, type: 'counter', samples: directions(sfu.bytesInTotal, sfu.bytesOutTotal) },
    joinFamily(sfu, labels),
    qualityFamily(sfu, labels),
    { name: ofProcess.cpuSeconds.name, type: 'counter', samples: [{ labels: {}, value: flow(sfu.cpuSecondsTotal) }] },
    {
      name: ofProcess.startTime.name,
      type: 'gauge',
      samples: [{ labels: {}, value: wallMs(time, sfu.startedAtSeconds) / 1_000 }],
    },
    { name: ofProcess.goMaxProcs.name, type: 'gauge', samples: [{ labels: {}, value: sfuCores }] },
  ]);
}

/** livekit_participant_total counts a person on the node of their media and, when it is another, on the node of their WebSocket too: its sum is too high. */
function countedParticipants(state: SimState, sfu: Sfu): number {
  const nodes = state.sfus.filter((other) => other.alive).length;
  const elsewhere = state.meetings
    .filter((meeting) => meeting.nodeId !== sfu.nodeId)
    .reduce((sum, meeting) => sum + meeting.participants, 0);
  return participantsOn(state, sfu.nodeId) + Math.round(elsewhere / Math.max(nodes, 1));
}

function joinFamily(sfu: Sfu, labels: Record<string, string>): Family {
  const samples = joinStates
    .filter((name) => sfu.joins[name] > 0)
    .map((name) => ({ labels: { ...labels, state: name }, value: sfu.joins[name] }));
  return { name: livekit.joins.name, type: 'counter', samples };
}

function qualityFamily(sfu: Sfu, labels: Record<string, string>): Family {
  let running = 0;
  const buckets = [...qualityBounds.map(String), '+Inf'].map((le, index): ExposedSample => {
    running += sfu.quality[index] ?? 0;
    return { suffix: '_bucket', labels: { ...labels, le }, value: Math.floor(running) };
  });
  const count = Math.floor(running);
  return {
    name: livekit.qualityScore.name,
    type: 'histogram',
    samples: [
      ...buckets,
      { suffix: '_sum', labels, value: sfu.qualitySum },
      { suffix: '_count', labels, value: count },
    ],
  };
}
