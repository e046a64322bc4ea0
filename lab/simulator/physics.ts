// What things take and cost on the platform. Lengths of time in seconds. Sources: LiveKit's published benchmark and source (v1.13), Kubernetes' defaults.

import type { Meeting } from './state.ts';

/** From creating a droplet to a Ready node: DOKS takes two to four minutes. */
export const nodeBootSeconds = 180;
/** From being scheduled to SERVING, image pull included. */
export const sfuBootSeconds = 30;
/** From being scheduled to ready for any other pod. */
export const podBootSeconds = 12;
/** From SIGTERM to exit for any other pod. */
export const podStopSeconds = 5;
/** terminationGracePeriodSeconds of LiveKit's chart. */
export const sfuGraceSeconds = 18_000;
/** A draining livekit-server looks this often whether everyone has left. */
export const drainPollSeconds = 5;
/** Node stats older than this: the node is gone, and its rooms are placed anew (SelectRoomNode). */
export const staleStatsSeconds = 5;
/** A livekit-server writes its stats this often. */
export const statsIntervalSeconds = 2;
/** LiveKit's departure_timeout: an empty room is deleted after it. */
export const emptyRoomSeconds = 20;
/** A client that was cut off by a crash tries this long (observed with rtc-node). */
export const reconnectSeconds = 31;
/** node-monitor-grace-period: the control plane calls a silent node NotReady after it. */
export const nodeGraceSeconds = 50;
/** Default toleration of an unreachable node: pods are deleted after it. */
export const evictionSeconds = 300;
/** The cloud controller takes a vanished droplet's Node object away; long after the eviction. */
export const nodeObjectSeconds = 360;
/** The cluster autoscaler removes a node that held nothing for this long. */
export const unneededNodeSeconds = 600;
/** First and longest back-off of a crashing container. */
export const crashBackoffSeconds = { first: 10, longest: 300 } as const;
/** A crashing container dies this soon after its start. */
export const crashAfterSeconds = 2;
/** The horizontal autoscaler looks this often. */
export const autoscalerSyncSeconds = 15;

/** vCPUs of a c-32 droplet, the runbook's SFU node. */
export const sfuCores = 32;
/** CPU per forwarded packet: 13 to 26 microseconds in LiveKit's benchmark (16 vCPU at 80 to 92 % for 0.56 to 0.96 M packets/s), the middle. */
const cpuSecondsPerPacket = 17.8e-6;
/** Packets a second of one forwarded track, from the same table. */
const packetsPerSecond = { audio: 32, tile: 34, mainVideo: 187 } as const;
/** Bytes a second of one forwarded track: 61 kbit/s for ten speakers, 33 kbit/s a tile, 1.42 Mbit/s a 720p video. */
const bytesPerSecond = { audio: 770, tile: 4_125, mainVideo: 177_000 } as const;

/** What one meeting makes its node forward. */
export function meetingLoad(meeting: Pick<Meeting, 'participants' | 'tiles' | 'speakers' | 'mainVideo'>): {
  packetsOut: number;
  packetsIn: number;
  bytesOut: number;
  bytesIn: number;
} {
  const people = meeting.participants;
  const others = Math.max(people - 1, 0);
  const tiles = Math.min(meeting.tiles, others);
  const speakers = Math.min(meeting.speakers, others);
  const main = meeting.mainVideo && others > 0 ? 1 : 0;
  const publishers = Math.min(people, meeting.tiles + main);
  return {
    packetsOut:
      people * (tiles * packetsPerSecond.tile + speakers * packetsPerSecond.audio + main * packetsPerSecond.mainVideo),
    packetsIn: publishers * packetsPerSecond.mainVideo + speakers * packetsPerSecond.audio,
    bytesOut:
      people * (tiles * bytesPerSecond.tile + speakers * bytesPerSecond.audio + main * bytesPerSecond.mainVideo),
    bytesIn: publishers * bytesPerSecond.mainVideo + speakers * bytesPerSecond.audio,
  };
}

/** CPU load of a node, 0 to 1, for the packets it forwards each second. */
export function cpuLoad(packetsOutPerSecond: number): number {
  return Math.min(1, 0.01 + (packetsOutPerSecond * cpuSecondsPerPacket) / sfuCores);
}

/** Upper bounds of livekit_quality_score (MOS), +Inf apart. */
export const qualityBounds = [1, 2, 2.5, 3, 3.25, 3.5, 3.75, 4, 4.25, 4.5] as const;

/** The MOS people get from a node at this load: good until packets are late; a starved node was seen at 3.4 and below. */
export function qualityAt(cpuLoadRatio: number, jitter: number): number {
  const score = cpuLoadRatio <= 0.85 ? 4.4 : 4.4 - (cpuLoadRatio - 0.85) * 8;
  return Math.max(1, Math.min(4.5, score - jitter * 0.3));
}
