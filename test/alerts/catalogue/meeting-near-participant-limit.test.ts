import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meetingNearParticipantLimit } from '../../../alerts/catalogue/meeting-near-participant-limit.ts';
import { type Firing, scenario } from '../scenario.ts';

const people = (room: string, exporter = 'e1') =>
  `gomeet_room_participants{job="livekit-exporter", instance="${exporter}", room_sid="${room}"}`;
const near = (room: string, percent: string): Firing => ({
  labels: { severity: 'warning', owner: 'api', service: 'meeting-service', room_sid: room },
  summary: 'A meeting is close to 500 people',
  description: `Room ${room} holds ${percent} of the 500 people a meeting may have.`,
  runbook_url: 'https://runbooks.gomeet.com/MeetingNearParticipantLimit',
});

test('it fires a minute after one meeting holds more than nine tenths of what it may', async (t) => {
  await scenario(t, meetingNearParticipantLimit, {
    series: { [people('RM_a')]: '400x4 475x40', [people('RM_b')]: '30x60' },
    expect: [
      { at: '2m', firing: [] },
      { at: '2m30s', firing: [near('RM_a', '95%')] },
    ],
  });
});

test('it stays silent at exactly nine tenths, and on many meetings that are large together', async (t) => {
  const series = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [people(`RM_${index}`), '450x40']));
  await scenario(t, meetingNearParticipantLimit, { series, expect: [{ at: '9m', firing: [] }] });
});

test('it does not add up what two exporters say of one meeting', async (t) => {
  await scenario(t, meetingNearParticipantLimit, {
    series: { [people('RM_a', 'e1')]: '300x40', [people('RM_a', 'e2')]: '300x40' },
    expect: [{ at: '9m', firing: [] }],
  });
});

test('it stays silent without data', async (t) => {
  await scenario(t, meetingNearParticipantLimit, { series: {}, expect: [{ at: '9m', firing: [] }] });
});

test('nothing is done by itself, and scaling out is not offered: a meeting cannot use a second node', () => {
  assert.equal(meetingNearParticipantLimit.response.mode, 'suggest');
  assert.equal(
    meetingNearParticipantLimit.runbook.mitigation.some(({ action }) => action === 'scaleSfu'),
    false,
  );
});
