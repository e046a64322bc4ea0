import type { Direction, MediaKind, Quality } from './domain.ts';
import type { SessionStats } from './source-media.ts';

type Stats = SessionStats['publisherStats'];

/** Loss, jitter and round trip of a meeting, from the statistics of the one who sends and the one who receives. */
export function qualityOf(sender: SessionStats, receiver: SessionStats): Quality {
  const sent = all(sender);
  const received = all(receiver);
  return {
    tracks: [...uplink(sent), ...downlink(received)],
    roundTrips: [...roundTrip('up', mediaTrips(sent)), ...roundTrip('down', checkTrips(received))],
  };
}

// With one peer connection for both ways everything stands under the publisher's.
function all({ publisherStats, subscriberStats }: SessionStats): Stats {
  return [...publisherStats, ...subscriberStats];
}

/** The SFU reports what it lost of what was sent to it. */
function uplink(stats: Stats): Quality['tracks'] {
  return stats.flatMap(({ stats: entry }) => {
    if (entry.case !== 'remoteInboundRtp') return [];
    const { stream, received } = entry.value;
    const sent = stats
      .flatMap(({ stats: other }) => (other.case === 'outboundRtp' ? [other.value] : []))
      .find((other) => other.stream?.ssrc === stream?.ssrc)?.sent?.packetsSent;
    return track('up', stream?.kind, {
      lost: Number(received?.packetsLost ?? 0),
      of: Number(sent ?? 0),
      jitterSeconds: received?.jitter ?? 0,
    });
  });
}

function downlink(stats: Stats): Quality['tracks'] {
  return stats.flatMap(({ stats: entry }) => {
    if (entry.case !== 'inboundRtp') return [];
    const { stream, received } = entry.value;
    const lost = Number(received?.packetsLost ?? 0);
    return track('down', stream?.kind, {
      lost,
      of: lost + Number(received?.packetsReceived ?? 0),
      jitterSeconds: received?.jitter ?? 0,
    });
  });
}

function track(
  direction: Direction,
  kind: string | undefined,
  { lost, of, jitterSeconds }: { lost: number; of: number; jitterSeconds: number },
): Quality['tracks'] {
  // Nothing sent is no measurement of loss.
  if (!isMediaKind(kind) || of <= 0) return [];
  // A packet that came twice makes the count of lost ones negative.
  return [{ direction, kind, lossRatio: Math.min(1, Math.max(0, lost) / of), jitterSeconds }];
}

function isMediaKind(kind: string | undefined): kind is MediaKind {
  return kind === 'audio' || kind === 'video';
}

interface Trips {
  readonly totalSeconds: number;
  readonly count: number;
}

function mediaTrips(stats: Stats): readonly Trips[] {
  return stats.flatMap(({ stats: entry }) => {
    if (entry.case !== 'remoteInboundRtp') return [];
    const { remoteInbound } = entry.value;
    return [
      {
        totalSeconds: remoteInbound?.totalRoundTripTime ?? 0,
        count: Number(remoteInbound?.roundTripTimeMeasurements ?? 0),
      },
    ];
  });
}

function checkTrips(stats: Stats): readonly Trips[] {
  return stats.flatMap(({ stats: entry }) => {
    if (entry.case !== 'candidatePair' || entry.value.candidatePair?.nominated !== true) return [];
    const { totalRoundTripTime, responsesReceived } = entry.value.candidatePair;
    return [{ totalSeconds: totalRoundTripTime ?? 0, count: Number(responsesReceived ?? 0) }];
  });
}

function roundTrip(direction: Direction, trips: readonly Trips[]): Quality['roundTrips'] {
  const count = trips.reduce((sum, trip) => sum + trip.count, 0);
  if (count === 0) return [];
  return [{ direction, seconds: trips.reduce((sum, trip) => sum + trip.totalSeconds, 0) / count }];
}
