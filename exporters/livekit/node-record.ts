import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { NodeReading, NodeState } from './domain.ts';

/** After this many whole seconds without a report LiveKit itself gives a node no more rooms (pkg/routing/selector/utils.go, v1.13.5). */
export const lostAfterSeconds = 5;

// livekit.NodeState. SUSPENDED is declared and never set by the open server; a node in it takes no rooms.
const states: readonly NodeState[] = ['starting', 'serving', 'draining', 'draining'];

interface Stats {
  startedAtSeconds: number;
  updatedAtSeconds: number;
  rooms: number;
  cpus: number;
  cpuLoad: number;
  bytesIn: number;
  bytesOut: number;
  rateSeconds: number;
}

/** Decodes `livekit.Node`, the value of the `nodes` hash; `nowMs` is Redis's clock. Throws a RangeError for bytes that are no such message. */
export function decodeNode(bytes: Uint8Array, nowMs: number): NodeReading {
  const reader = new BinaryReader(bytes);
  let nodeId = '';
  let cpus = 0;
  let state = 0;
  let stats: Stats | undefined;
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) nodeId = reader.string();
    else if (field === 3) cpus = reader.uint32();
    else if (field === 4) stats = decodeStats(reader);
    else if (field === 6) state = reader.int32();
    else reader.skip(wireType, field);
  }
  if (nodeId === '') throw new RangeError('a node without an id');
  // Without stats LiveKit takes a node for available: it has just registered.
  const ageSeconds = stats === undefined ? 0 : Math.max(0, nowMs / 1_000 - stats.updatedAtSeconds);
  return {
    nodeId,
    state: Math.floor(ageSeconds) >= lostAfterSeconds ? 'lost' : (states[state] ?? 'starting'),
    cpus: cpus || (stats?.cpus ?? 0),
    cpuLoadRatio: stats?.cpuLoad ?? 0,
    bytesInPerSecond: stats?.bytesIn ?? 0,
    bytesOutPerSecond: stats?.bytesOut ?? 0,
    ownRooms: stats?.rooms ?? 0,
    startedAtMs: (stats?.startedAtSeconds ?? 0) * 1_000,
    ageSeconds,
  };
}

/** Field numbers of livekit.NodeStats: livekit_internal.proto of livekit/protocol, as of server v1.13.5. */
function decodeStats(reader: BinaryReader): Stats {
  const end = reader.uint32() + reader.pos;
  const stats: Stats = {
    startedAtSeconds: 0,
    updatedAtSeconds: 0,
    rooms: 0,
    cpus: 0,
    cpuLoad: 0,
    bytesIn: 0,
    bytesOut: 0,
    rateSeconds: Number.POSITIVE_INFINITY,
  };
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (field === 1) stats.startedAtSeconds = Number(reader.int64());
    else if (field === 2) stats.updatedAtSeconds = Number(reader.int64());
    else if (field === 3) stats.rooms = reader.int32();
    else if (field === 17) stats.cpus = reader.uint32();
    else if (field === 21) stats.cpuLoad = reader.float();
    else if (field === 50) decodeRate(reader, stats);
    else reader.skip(wireType, field);
  }
  return stats;
}

/** livekit.NodeStatsRate: of several measurement intervals the shortest counts; its CPU load is a mean and steadier than the last sample. */
function decodeRate(reader: BinaryReader, stats: Stats): void {
  const end = reader.uint32() + reader.pos;
  let seconds = 0;
  let bytesIn = 0;
  let bytesOut = 0;
  let cpuLoad: number | undefined;
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (field === 3) seconds = Number(reader.int64());
    else if (field === 8) bytesIn = reader.float();
    else if (field === 9) bytesOut = reader.float();
    else if (field === 20) cpuLoad = reader.float();
    else reader.skip(wireType, field);
  }
  if (seconds >= stats.rateSeconds) return;
  Object.assign(stats, { rateSeconds: seconds, bytesIn, bytesOut, cpuLoad: cpuLoad ?? stats.cpuLoad });
}
