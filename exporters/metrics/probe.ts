import { defineMetrics, type Emitter } from './define.ts';

const emitter: Emitter = { kind: 'exporter', exporter: 'probe' };

/** What `gomeet exporter probe` measures in its own meeting, from where people stand: outside of the SFU. */
export const probeMetrics = defineMetrics({
  attempts: {
    name: 'gomeet_probe_attempts_total',
    type: 'counter',
    unit: 'attempts',
    help: 'Trial meetings that came to an end, well or badly.',
    labels: [],
    emitter,
  },
  failures: {
    name: 'gomeet_probe_failures_total',
    type: 'counter',
    unit: 'attempts',
    help: 'Trial meetings that failed, by the stage they came to and why; each is there from the start, at 0.',
    labels: ['stage', 'reason'],
    emitter,
  },
  success: {
    name: 'gomeet_probe_success',
    type: 'gauge',
    unit: 'boolean',
    help: '1 if the last trial meeting went all the way, 0 if not; absent until the first has ended.',
    labels: [],
    emitter,
  },
  lastAttempt: {
    name: 'gomeet_probe_last_attempt_timestamp_seconds',
    type: 'gauge',
    unit: 'seconds since the epoch',
    help: 'When the last trial meeting ended.',
    labels: [],
    emitter,
  },
  stageSeconds: {
    name: 'gomeet_probe_stage_seconds',
    type: 'histogram',
    unit: 'seconds',
    help: 'How long each stage took: validate (token over HTTP), websocket (handshake), signal (first answer), join (the slower of the two), media (from publishing to sound and picture at the other end).',
    labels: ['stage'],
    emitter,
  },
  packetLoss: {
    name: 'gomeet_probe_packet_loss_ratio',
    type: 'gauge',
    unit: 'ratio',
    help: 'Share of packets lost in the last trial meeting; up is to the SFU, down from it. Absent after a failure.',
    labels: ['direction', 'kind'],
    emitter,
  },
  jitter: {
    name: 'gomeet_probe_jitter_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Jitter at the end of the last trial meeting. Absent after a failure.',
    labels: ['direction', 'kind'],
    emitter,
  },
  roundTrip: {
    name: 'gomeet_probe_round_trip_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Mean round trip of the last trial meeting: up as the SFU reports it for the media, down as connectivity checks of the receiver see it. Absent after a failure.',
    labels: ['direction'],
    emitter,
  },
});
