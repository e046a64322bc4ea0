import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinFailuresHigh } from '../../../alerts/catalogue/join-failures-high.ts';
import { type Firing, scenario } from '../scenario.ts';

const joins = (state: string, node = 'ND_a') =>
  `livekit_participant_join_total{job="livekit", instance="${node}:6789", pod="livekit-sfu-1", node_id="${node}", node_type="SERVER", state="${state}"}`;
const failing = (stage: string, percent: string): Firing => ({
  labels: { severity: 'critical', owner: 'media', service: 'livekit-sfu', stage },
  summary: 'People fail to join meetings',
  description: `${percent} of the joins fail at the ${stage} stage.`,
  runbook_url: 'https://runbooks.gomeet.com/JoinFailuresHigh',
});

test('it fires after two minutes in which a tenth of the joins failed to connect media', async (t) => {
  await scenario(t, joinFailuresHigh, {
    series: {
      [joins('rtc_success')]: '0+9x60',
      [joins('rtc_failure')]: '0+1x60',
      [joins('signal_connected')]: '0+10x60',
    },
    expect: [
      { at: '2m', firing: [] },
      { at: '3m30s', firing: [failing('media', '10%')] },
    ],
  });
});

test('it fires when every join fails and no success was ever seen', async (t) => {
  await scenario(t, joinFailuresHigh, {
    series: { [joins('signal_validation_failed')]: '0+10x60' },
    expect: [{ at: '5m', firing: [failing('signal', '100%')] }],
  });
});

test('it stays silent when all joins succeed and no failure was ever seen', async (t) => {
  await scenario(t, joinFailuresHigh, {
    series: { [joins('rtc_success')]: '0+10x60', [joins('signal_connected')]: '0+10x60' },
    expect: [{ at: '9m', firing: [] }],
  });
});

test('it stays silent when people give up, and when the same participant connects through two nodes', async (t) => {
  await scenario(t, joinFailuresHigh, {
    series: {
      [joins('rtc_success')]: '0+10x60',
      [joins('rtc_canceled')]: '0+10x60',
      [joins('rtc_connected', 'ND_a')]: '0+10x60',
      [joins('rtc_connected', 'ND_b')]: '0+10x60',
    },
    expect: [{ at: '9m', firing: [] }],
  });
});

test('it stays silent when only a handful of people join, even if some fail', async (t) => {
  await scenario(t, joinFailuresHigh, {
    series: { [joins('rtc_success')]: '0+0.5x60', [joins('rtc_failure')]: '0+0.5x60' },
    expect: [{ at: '9m', firing: [] }],
  });
});

test('it stays silent without data', async (t) => {
  await scenario(t, joinFailuresHigh, { series: {}, expect: [{ at: '9m', firing: [] }] });
});

test('nothing technical is tried by itself', () => {
  assert.deepEqual(
    joinFailuresHigh.runbook.mitigation.map(({ action }) => action),
    ['openIncident', 'escalate'],
  );
});
