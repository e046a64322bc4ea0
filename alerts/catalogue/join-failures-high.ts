import { duration } from '../../kernel/duration.ts';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { defineAlert } from '../define.ts';
import { joinRules } from '../recording/joins.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Share of joins, 0 to 1, that may fail. */
export const maxJoinFailureRatio = 0.05;
/** Joins a second below which single failures would be the whole share: 0.1 are 30 in five minutes. */
export const minJoinsPerSecond = 0.1;

/** People try to enter meetings and fail, at the WebSocket (signal) or when media should connect (media). */
export const joinFailuresHigh = defineAlert({
  name: 'JoinFailuresHigh',
  expr: `${joinRules.mediaFailures.record} > ${maxJoinFailureRatio}\nand on (stage) ${joinRules.mediaAttempts.record} >= ${minJoinsPerSecond}`,
  for: duration('2m'),
  keepFiringFor: duration('2m'),
  severity: 'critical',
  owner: 'media',
  group: 'critical',
  labels: { service: sfuWorkload.name },
  summary: 'People fail to join meetings',
  description: '{{ $value | humanizePercentage }} of the joins fail at the {{ $labels.stage }} stage.',
  runbook: {
    meaning: `For two minutes more than ${maxJoinFailureRatio * 100} % of the joins failed at one stage: signal is the WebSocket and LiveKit's answer to it, media is the peer connection. People who gave up are not counted.`,
    impact: 'People cannot get into meetings. Those already in are not touched.',
    diagnosis: [
      { say: 'Which stage?', query: joinRules.mediaFailures.record },
      {
        say: 'Signal: what does LiveKit say? validation_failed is tokens and keys, upgrade_failed is the gateway.',
        query: 'sum by (state) (rate(livekit_participant_join_total{state=~"signal_.*failed"}[5m]))',
      },
      {
        say: 'Media: are UDP ports and TURN reachable? Connections that start and those that come to stand.',
        query: 'sum by (state) (rate(livekit_peer_connection_state[5m]))',
      },
      { say: 'Is there room at all? Without it LiveKit refuses.', query: 'sfu:free_slots:sum' },
      {
        say: 'Was something rolled out: SFU, TURN, gateway, signaling?',
        command: 'kubectl -n gomeet get replicasets --sort-by=.metadata.creationTimestamp | tail -5',
        expect: 'Nothing younger than the trouble.',
      },
    ],
    mitigation: [
      {
        say: 'Declare an incident. The causes (keys, certificates, TURN, firewall, gateway) have nothing in common that a machine could safely try; a rollback is a decision for people.',
        action: 'openIncident',
        params: { sev: 2 },
        approval: 'none',
      },
      callThePersonOnCall,
    ],
    person: 'Look for what changed last (keys, certificate, TURN, firewall, gateway) and take it back.',
    leave: 'A load test with deliberately wrong tokens is under way.',
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('5m'),
    signal: {
      query: joinRules.mediaFailures.record,
      unit: 'ratio',
      threshold: maxJoinFailureRatio,
      direction: 'above',
      legend: '{{stage}}',
    },
  },
});
