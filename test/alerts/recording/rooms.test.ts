import { test } from 'node:test';
import { roomRules } from '../../../alerts/recording/rooms.ts';
import { recorded } from '../promtool.ts';

const people = (exporter: string, state: string) =>
  `gomeet_participants{job="livekit-exporter", instance="${exporter}", state="${state}", kind="standard"}`;

test('people are counted once however many exporters count them and whatever state they are in', async (t) => {
  await recorded(t, {
    series: {
      [people('e1', 'active')]: '400x10',
      [people('e2', 'active')]: '390x10',
      [people('e1', 'joining')]: '5x10',
    },
    expect: [
      {
        query: roomRules.participants.record,
        at: '1m',
        samples: [{ labels: '{__name__="platform:participants:sum"}', value: 405 }],
      },
    ],
  });
});

test('without data there is no count, not a count of none', async (t) => {
  await recorded(t, { series: {}, expect: [{ query: roomRules.participants.record, at: '1m', samples: [] }] });
});

test('the two names of the operations runbook are recorded from what the exporter says: each meeting and each person once', async (t) => {
  await recorded(t, {
    series: {
      'gomeet_rooms{job="livekit-exporter", instance="e1"}': '30x10',
      'gomeet_rooms{job="livekit-exporter", instance="e2"}': '31x10',
      [people('e1', 'active')]: '400x10',
      [people('e2', 'active')]: '390x10',
    },
    expect: [
      {
        query: 'sum(gomeet_active_meetings_total)',
        at: '1m',
        samples: [{ labels: '{}', value: 31 }],
      },
      { query: 'sum(gomeet_participants_total)', at: '1m', samples: [{ labels: '{}', value: 400 }] },
    ],
  });
});
