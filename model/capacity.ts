/** What each person in a meeting is sent. */
export interface MeetingMix {
  readonly participants: number;
  /** Small videos on the screen at once. */
  readonly tiles: number;
  /** People heard at once. */
  readonly speakers: number;
  /** Large (720p) videos on the screen at once. */
  readonly mainVideos: number;
}

/** The largest meeting GoMeet sells: 500 people, a grid of 25 tiles, ten of them heard. */
export const largestMeeting: MeetingMix = { participants: 500, tiles: 25, speakers: 10, mainVideos: 0 };

// One forwarded track: packets and bytes a second. From LiveKit's published benchmark (docs.livekit.io, self-hosting/benchmark; 16 vCPU, one room):
// 10 speakers to 3,000 listeners 959,156 packets/s and 23 MB/s; 150 thumbnails to 150 people 762,749 and 93 MB/s; one 720p to 3,000 560,962 and 531 MB/s.
const tracks = {
  speaker: { packets: 32, bytes: 770 },
  tile: { packets: 34, bytes: 4_150 },
  mainVideo: { packets: 187, bytes: 177_000 },
} as const;

/** CPU seconds for one forwarded packet: 13.3 (audio) to 26.2 (720p) by the same benchmark, 17.8 for its meeting; calibrate with process_cpu_seconds_total against livekit_packet_total. */
export const cpuSecondsPerPacket = 17.8e-6;

/** What a meeting makes its node send, and the cores that takes. A room lives on one node, so nothing of it can be shared out. */
export function meetingLoad(mix: MeetingMix): { packetsPerSecond: number; bytesPerSecond: number; cpuCores: number } {
  const others = Math.max(mix.participants - 1, 0);
  const each = (unit: 'packets' | 'bytes') =>
    Math.min(mix.tiles, others) * tracks.tile[unit] +
    Math.min(mix.speakers, others) * tracks.speaker[unit] +
    Math.min(mix.mainVideos, others) * tracks.mainVideo[unit];
  const packetsPerSecond = mix.participants * each('packets');
  return {
    packetsPerSecond,
    bytesPerSecond: mix.participants * each('bytes'),
    cpuCores: packetsPerSecond * cpuSecondsPerPacket,
  };
}

/** How full a node may be planned, and with which meetings. */
export interface CapacityPlan {
  readonly meeting: MeetingMix;
  /** Share of the CPU that media may use: above 0.6 jitter grows (LiveKit scales out at 0.6). */
  readonly cpuTargetRatio: number;
  /** Line rate of the network interface, bytes a second. */
  readonly nicBytesPerSecond: number;
  readonly nicTargetRatio: number;
}

/** The plan in force: 60 % of the CPU, 70 % of the 2 Gbit/s that DigitalOcean documents for Droplets that are not premium. */
export const capacityPlan: CapacityPlan = {
  meeting: largestMeeting,
  cpuTargetRatio: 0.6,
  nicBytesPerSecond: 250_000_000,
  nicTargetRatio: 0.7,
};

/** The load of a node as it reports it. */
export interface NodeLoad {
  readonly state: 'starting' | 'serving' | 'draining' | 'lost';
  readonly cpus: number;
  readonly cpuLoadRatio: number;
  readonly bytesOutPerSecond: number;
}

/** Meetings of the largest size that still fit on a node, by CPU and by network, whichever binds first; none unless it is serving, and none for a reading that makes no sense. */
export function freeSlots(node: NodeLoad, plan: CapacityPlan = capacityPlan): number {
  if (node.state !== 'serving') return 0;
  const meeting = meetingLoad(plan.meeting);
  const cores = node.cpus * (plan.cpuTargetRatio - node.cpuLoadRatio);
  const bytes = plan.nicBytesPerSecond * plan.nicTargetRatio - node.bytesOutPerSecond;
  const slots = Math.floor(Math.min(cores / meeting.cpuCores, bytes / meeting.bytesPerSecond));
  return Number.isFinite(slots) ? Math.max(0, slots) : 0;
}
