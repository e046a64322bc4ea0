import { test } from 'node:test';
import { moneyRules } from '../../../alerts/recording/money.ts';
import { recorded } from '../promtool.ts';

const cost = (bound: string, exporter: string) =>
  `digitalocean_cost_usd_per_hour{job="digitalocean-exporter", instance="${exporter}", bound="${bound}"}`;
const people = 'gomeet_participants{job="livekit-exporter", state="active", kind="standard"}';
const { costPerHour, participantHour } = moneyRules;

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
