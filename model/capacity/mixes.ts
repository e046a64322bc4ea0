import { largestMeeting, type MeetingMix, meetingLoad } from '../capacity.ts';

/** One kind of room within a mix. */
export interface RoomKind {
  readonly name: string;
  /** Share of all participants that sit in rooms of this kind; the shares of a mix are weighed against each other. */
  readonly share: number;
  /** People in one such room. */
  readonly participants: number;
  /** What each of them is sent, in a second. */
  readonly downlink: Downlink;
}

/** What a node sends to one participant in a second. */
export interface Downlink {
  readonly packets: number;
  readonly bytes: number;
}

/** Which rooms the participants sit in. */
export interface RoomMix {
  readonly name: string;
  readonly about: string;
  readonly kinds: readonly RoomKind[];
}

// A 720p track of LiveKit's benchmark: 177,000 bytes in 187 packets.
const bytesPerVideoPacket = 177_000 / 187;

/** What each person of such a meeting is sent. */
export function downlinkOf(screen: MeetingMix): Downlink {
  const { packetsPerSecond, bytesPerSecond } = meetingLoad(screen);
  return { packets: packetsPerSecond / screen.participants, bytes: bytesPerSecond / screen.participants };
}

/** A measured downlink; its packets, unless known, are those of large video, which are the fewest that carry so much: 947 bytes each by LiveKit's benchmark. */
export function measuredDownlink(megabitsPerSecond: number, packetsPerSecond?: number): Downlink {
  const bytes = (megabitsPerSecond * 1_000_000) / 8;
  return { bytes, packets: packetsPerSecond ?? bytes / bytesPerVideoPacket };
}

function kind(name: string, share: number, screen: MeetingMix): RoomKind {
  return { name, share, participants: screen.participants, downlink: downlinkOf(screen) };
}

const call: MeetingMix = { participants: 4, tiles: 3, speakers: 2, mainVideos: 1 };
const team: MeetingMix = { participants: 12, tiles: 9, speakers: 3, mainVideos: 1 };
const webinar: MeetingMix = { participants: 500, tiles: 0, speakers: 2, mainVideos: 1 };
const audio: MeetingMix = { participants: 50, tiles: 0, speakers: 10, mainVideos: 0 };

/** The mixes that have a name. Nobody has measured GoMeet's own mix yet: shares are assumptions to reckon with, the load of each kind comes from LiveKit's benchmark. */
export const namedMixes: readonly RoomMix[] = [
  {
    name: 'largest',
    about: 'meetings of 500 alone, a grid of 25 tiles, ten people heard',
    kinds: [kind('largest', 1, largestMeeting)],
  },
  {
    name: 'webinar',
    about: '500 people who watch one large video, two people heard',
    kinds: [kind('webinar', 1, webinar)],
  },
  {
    name: 'teams',
    about: 'rooms of 12, everyone seen up to nine tiles, the speaker large',
    kinds: [kind('team', 1, team)],
  },
  { name: 'audio', about: 'rooms of 50 without video, ten people heard', kinds: [kind('audio', 1, audio)] },
  {
    name: 'office',
    about: 'half in teams of 12, a fifth in calls of 4, a fifth in meetings of 500, a tenth without video',
    kinds: [kind('team', 5, team), kind('call', 2, call), kind('largest', 2, largestMeeting), kind('audio', 1, audio)],
  },
  {
    name: '1mbit',
    about: 'rooms of 50, each participant sent 1 Mbit/s, as the cost study reckons',
    kinds: [{ name: '1mbit', share: 1, participants: 50, downlink: measuredDownlink(1) }],
  },
];
