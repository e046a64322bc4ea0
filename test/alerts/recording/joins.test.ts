import { test } from 'node:test';
import { joinRules } from '../../../alerts/recording/joins.ts';
import { recorded } from '../promtool.ts';

const joins = (state: string) =>
  `livekit_participant_join_total{job="livekit", instance="a:6789", pod="livekit-sfu-1", node_id="ND_a", node_type="SERVER", state="${state}"}`;

test('the share of joins that succeed is that of the worse stage', async (t) => {
  await recorded(t, {
    series: {
      [joins('rtc_success')]: '0+6x60',
      [joins('rtc_failure')]: '0+2x60',
      [joins('signal_connected')]: '0+9x60',
      [joins('signal_upgrade_failed')]: '0+1x60',
    },
    expect: [
      {
        query: joinRules.success.record,
        at: '10m',
        samples: [{ labels: '{__name__="gomeet:join_success:ratio_rate5m"}', value: 0.75 }],
      },
    ],
  });
});

test('it is one when nothing ever failed, and absent when nobody joined', async (t) => {
  await recorded(t, {
    series: { [joins('rtc_success')]: '0+6x60', [joins('signal_connected')]: '0+9x60' },
    expect: [
      {
        query: joinRules.success.record,
        at: '10m',
        samples: [{ labels: '{__name__="gomeet:join_success:ratio_rate5m"}', value: 1 }],
      },
    ],
  });
  await recorded(t, { series: {}, expect: [{ query: joinRules.success.record, at: '10m', samples: [] }] });
});
