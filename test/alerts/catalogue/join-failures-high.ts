import { joinFailuresHigh } from '../../../alerts/catalogue/join-failures-high.ts';
import { type Firing, proves } from '../scenario.ts';

const joins = (state: string, node = 'ND_a') =>
  `livekit_participant_join_total{job="livekit", instance="${node}:6789", pod="livekit-sfu-1", node_id="${node}", node_type="SERVER", state="${state}"}`;
const failing = (stage: string, percent: string): Firing => ({
  labels: { severity: 'critical', owner: 'media', service: 'livekit-sfu', stage },
  summary: 'People fail to join meetings',
  description: `${percent} of the joins fail at the ${stage} stage.`,
  runbook_url: 'https://runbooks.gomeet.com/JoinFailuresHigh',
});

export const proof = proves(joinFailuresHigh, {
  'it fires after two minutes in which a tenth of the joins failed to connect media': {
    series: {
      [joins('rtc_success')]: '0+9x60',
      [joins('rtc_failure')]: '0+1x60',
      [joins('signal_connected')]: '0+10x60',
    },
    expect: [
      { at: '2m', firing: [] },
      { at: '3m30s', firing: [failing('media', '10%')] },
    ],
  },
  'it knows which share is too much: a little more fires, a little less does not': [
    {
      series: { [joins('rtc_success')]: '0+94.5x60', [joins('rtc_failure')]: '0+5.5x60' },
      expect: [{ at: '9m', firing: [failing('media', '5.5%')] }],
    },
    {
      series: { [joins('rtc_success')]: '0+95.5x60', [joins('rtc_failure')]: '0+4.5x60' },
      expect: [{ at: '9m', firing: [] }],
    },
  ],
  'it knows how many joins are enough to judge by: 33 in five minutes are, 27 are not': [
    {
      series: { [joins('rtc_success')]: '0+1.32x60', [joins('rtc_failure')]: '0+0.33x60' },
      expect: [{ at: '9m', firing: [failing('media', '20%')] }],
    },
    {
      series: { [joins('rtc_success')]: '0+1.08x60', [joins('rtc_failure')]: '0+0.27x60' },
      expect: [{ at: '9m', firing: [] }],
    },
  ],
  'it fires when every join fails and no success was ever seen': {
    series: { [joins('signal_validation_failed')]: '0+10x60' },
    expect: [{ at: '5m', firing: [failing('signal', '100%')] }],
  },
  'it stays silent when all joins succeed and no failure was ever seen': {
    series: { [joins('rtc_success')]: '0+10x60', [joins('signal_connected')]: '0+10x60' },
    expect: [{ at: '9m', firing: [] }],
  },
  'it stays silent when people give up, and when the same participant connects through two nodes': {
    series: {
      [joins('rtc_success')]: '0+10x60',
      [joins('rtc_canceled')]: '0+10x60',
      [joins('rtc_connected', 'ND_a')]: '0+10x60',
      [joins('rtc_connected', 'ND_b')]: '0+10x60',
    },
    expect: [{ at: '9m', firing: [] }],
  },
  'it stays silent when only a handful of people join, even if some fail': {
    series: { [joins('rtc_success')]: '0+0.5x60', [joins('rtc_failure')]: '0+0.5x60' },
    expect: [{ at: '9m', firing: [] }],
  },
  'it stays silent without data': { series: {}, expect: [{ at: '9m', firing: [] }] },
});
