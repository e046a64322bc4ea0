import { test } from 'node:test';
import { joinRules } from '../../../alerts/recording/joins.ts';
import { errorRatio } from '../../../alerts/slo/define.ts';
import { joinSuccess } from '../../../alerts/slo/join-success.ts';
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

const ratio = (value: number) => [{ labels: '{__name__="gomeet:join_success:ratio_rate5m"}', value }];

test('a LiveKit of another version is tolerated: labels it added are summed away, states and metrics we do not know are left out', async (t) => {
  const newer = (state: string, sdk: string) => joins(state).replace('}', `, warp="true", sdk="${sdk}"}`);
  await recorded(t, {
    series: {
      [newer('rtc_success', 'JS')]: '0+4x60',
      [newer('rtc_success', 'SWIFT')]: '0+2x60',
      [newer('rtc_failure', 'JS')]: '0+2x60',
      [newer('rtc_teleported', 'JS')]: '0+90x60',
      'livekit_fec_total{job="livekit", instance="a:6789", node_id="ND_a", direction="incoming"}': '0+5x60',
    },
    expect: [{ query: joinRules.success.record, at: '10m', samples: ratio(0.75) }],
  });
});

test('a LiveKit too old to count how joins end says nothing of the media stage, which is no failure and no success', async (t) => {
  await recorded(t, {
    series: { [joins('rtc_connected')]: '0+9x60', [joins('signal_connected')]: '0+9x60' },
    expect: [
      { query: `${joinRules.mediaFailures.record}{stage="media"}`, at: '10m', samples: [] },
      { query: joinRules.success.record, at: '10m', samples: ratio(1) },
    ],
  });
});

const attempts = 'gomeet_probe_attempts_total{job="probe", instance="p:9482"}';
const failures = (stage: string) =>
  `gomeet_probe_failures_total{job="probe", instance="p:9482", stage="${stage}", reason="unreachable"}`;
const failed = (value: number) => [{ labels: `{__name__="${errorRatio(joinSuccess, '5m')}"}`, value }];

/** A probe that tries once a minute; each stage is there from the start. */
const probe = (failing?: 'validate' | 'websocket' | 'join' | 'media') => ({
  [attempts]: '0+1x60',
  ...Object.fromEntries(
    ['validate', 'websocket', 'signal', 'join', 'media'].map((stage) => [
      failures(stage),
      stage === failing ? '0+1x60' : '0x60',
    ]),
  ),
});
const people = { [joins('rtc_success')]: '0+8x60', [joins('rtc_failure')]: '0+1x60' };
const expectFailed = (value: number) => [{ query: errorRatio(joinSuccess, '5m'), at: '10m', samples: failed(value) }];

test('the trial meeting counts as a person who wants in: when nothing reaches LiveKit any more, the objective still burns', async (t) => {
  await recorded(t, { series: probe('validate'), expect: expectFailed(1) });
  await recorded(t, { series: probe('websocket'), expect: expectFailed(1) });
  await recorded(t, { series: { ...people, ...probe('validate') }, expect: expectFailed(0.2) });
});

test('a trial meeting that fails inside LiveKit burns once: LiveKit has counted it', async (t) => {
  const onlyTrial = { [joins('rtc_success')]: '0+8x60', [joins('rtc_failure')]: '0+2x60' };
  await recorded(t, { series: { ...onlyTrial, ...probe('join') }, expect: expectFailed(0.2) });
  await recorded(t, { series: { [joins('rtc_failure')]: '0+1x60', ...probe('join') }, expect: expectFailed(1) });
});

test('a trial meeting whose failure LiveKit took for one called off burns all the same', async (t) => {
  await recorded(t, { series: { [joins('rtc_success')]: '0+10x60', ...probe('join') }, expect: expectFailed(0.1) });
});

test('a trial meeting that got in and then heard nothing has joined, and without trials people count alone', async (t) => {
  await recorded(t, { series: probe('media'), expect: expectFailed(0) });
  await recorded(t, { series: { [joins('rtc_success')]: '0+9x60', ...probe() }, expect: expectFailed(0) });
  await recorded(t, {
    series: { [joins('rtc_success')]: '0+9x60', [joins('rtc_failure')]: '0+1x60' },
    expect: expectFailed(0.1),
  });
  await recorded(t, { series: {}, expect: [{ query: errorRatio(joinSuccess, '5m'), at: '10m', samples: [] }] });
});
