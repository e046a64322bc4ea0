import { z } from 'zod';
import type { Component } from './define.ts';
import { parseLine } from './lines.ts';

const Log = z.object({ pod: z.string() });
const Named = z.object({ kind: z.string() });
const Key = z.object({ k: z.string() });

/** Under which name a line of a dump counts, for each component that is dumped as lines; in step with what the sources write. */
export const nameOfLine: Readonly<Record<Exclude<Component, 'postgresql'>, (line: string) => string>> = {
  valkey: (line) => (isLiveKitKey(Buffer.from(Key.parse(parseLine(line)).k, 'base64')) ? 'LiveKit keys' : 'keys'),
  kubernetes: (line) => Named.parse(parseLine(line)).kind,
  logs: (line) => Log.parse(parseLine(line)).pod,
  metrics: (line) => (line.startsWith('#') ? 'ends' : 'samples'),
};

/** What LiveKit writes of nodes and rooms that run: brought back, it would send people to nodes that are gone and split meetings. */
const livekitKeys =
  /^(nodes|node_stats|rooms|room_internal|room_node_map|room_participants:.*|agent_.*|ingress.*|egress.*)$/;

/** Whether a key of Valkey is LiveKit's own. */
export function isLiveKitKey(key: Buffer): boolean {
  return livekitKeys.test(key.toString('latin1'));
}
