import assert from 'node:assert/strict';
import { test } from 'node:test';
import { qualityOf } from '../../../exporters/probe/quality.ts';
import type { SessionStats } from '../../../exporters/probe/source-media.ts';

/** Statistics with only the fields that are read, as the library hands them out: counts are bigints. */
function session(...entries: readonly { case: string; value: unknown }[]): SessionStats {
  return { publisherStats: entries.map((stats) => ({ stats })), subscriberStats: [] } as unknown as SessionStats;
}

const sent = (ssrc: number, packetsSent: bigint) => ({
  case: 'outboundRtp',
  value: { stream: { ssrc, kind: 'audio' }, sent: { packetsSent } },
});
const reported = (ssrc: number, packetsLost: bigint, trips = { total: 0, count: 0n }) => ({
  case: 'remoteInboundRtp',
  value: {
    stream: { ssrc, kind: 'audio' },
    received: { packetsLost, jitter: 0.002 },
    remoteInbound: { totalRoundTripTime: trips.total, roundTripTimeMeasurements: trips.count },
  },
});
const got = (packetsReceived: bigint, packetsLost: bigint, kind = 'video') => ({
  case: 'inboundRtp',
  value: { stream: { ssrc: 9, kind }, received: { packetsReceived, packetsLost, jitter: 0.004 } },
});
const pair = (nominated: boolean, total: number, responses: bigint) => ({
  case: 'candidatePair',
  value: { candidatePair: { nominated, totalRoundTripTime: total, responsesReceived: responses } },
});

test('loss is a share of what was sent: up as the SFU reports it, down as the receiver counts it', () => {
  const { tracks } = qualityOf(session(sent(1, 200n), reported(1, 10n)), session(got(95n, 5n)));
  assert.deepEqual(tracks, [
    { direction: 'up', kind: 'audio', lossRatio: 0.05, jitterSeconds: 0.002 },
    { direction: 'down', kind: 'video', lossRatio: 0.05, jitterSeconds: 0.004 },
  ]);
});

test('packets that came twice are no loss below zero', () => {
  const { tracks } = qualityOf(session(), session(got(100n, -3n)));
  assert.equal(tracks[0]?.lossRatio, 0);
});

test('a track of which nothing was sent, or a report of another stream, measures nothing', () => {
  const { tracks } = qualityOf(session(sent(1, 200n), reported(2, 10n)), session(got(0n, 0n), got(5n, 0n, 'data')));
  assert.deepEqual(tracks, []);
});

test('round trips are means over all answers; the pair that is not in use and reports without a measurement count for nothing', () => {
  const { roundTrips } = qualityOf(
    session(reported(1, 0n, { total: 0.12, count: 4n }), reported(2, 0n)),
    session(pair(true, 0.06, 3n), pair(false, 9, 1n)),
  );
  assert.deepEqual(
    roundTrips.map(({ direction, seconds }) => [direction, Math.round(seconds * 1_000)]),
    [
      ['up', 30],
      ['down', 20],
    ],
  );
  assert.deepEqual(qualityOf(session(), session()).roundTrips, []);
});
