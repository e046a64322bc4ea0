import { test } from 'node:test';
import { moneyRules } from '../../../alerts/recording/money.ts';
import { recorded } from '../promtool.ts';

const cost = (bound: string, exporter: string) =>
  `digitalocean_cost_usd_per_hour{job="digitalocean-exporter", instance="${exporter}", bound="${bound}"}`;
const people = 'gomeet_participants{job="livekit-exporter", state="active", kind="standard"}';
const { costPerHour, meeting, meetingsPerHour, participantHour } = moneyRules;

test('an hour costs the middle of its bounds, however many exporters say them', async (t) => {
  await recorded(t, {
    series: {
      [cost('low', 'e1')]: '10x10',
      [cost('high', 'e1')]: '14x10',
      [cost('low', 'e2')]: '10x10',
      [cost('high', 'e2')]: '14x10',
    },
    expect: [
      {
        query: costPerHour.record,
        at: '2m',
        samples: [{ labels: `{__name__="${costPerHour.record}"}`, value: 12 }],
      },
    ],
  });
});

test('a participant-hour is cost over people, and nothing where nobody was there', async (t) => {
  await recorded(t, {
    series: { [cost('high', 'e1')]: '14x10', [people]: '700x10' },
    expect: [
      {
        query: participantHour.record,
        at: '2m',
        samples: [{ labels: `{__name__="${participantHour.record}"}`, value: 0.02 }],
      },
    ],
  });
  await recorded(t, {
    series: { [cost('high', 'e1')]: '14x10', [people]: '0x10' },
    expect: [{ query: participantHour.record, at: '2m', samples: [] }],
  });
});

test('a meeting is cost over the meetings that ended, and nothing where none did', async (t) => {
  const ended = 'livekit_room_duration_seconds_count{job="livekit-sfu", instance="s1", node_id="ND_1"}';
  const bill = { [cost('high', 'e1')]: '14x400' };
  // Two every fifteen seconds are 480 an hour.
  await recorded(t, {
    series: { ...bill, [ended]: '1000+2x400' },
    expect: [
      { query: `round(${meeting.record}, 0.01)`, at: '95m', samples: [{ labels: '{}', value: 0.03 }] },
      { query: `round(${meetingsPerHour.record})`, at: '95m', samples: [{ labels: '{}', value: 480 }] },
    ],
  });
  await recorded(t, {
    series: { ...bill, [ended]: '5x400' },
    expect: [{ query: meeting.record, at: '95m', samples: [] }],
  });
});
