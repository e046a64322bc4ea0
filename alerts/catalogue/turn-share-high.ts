import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { duration } from '../../kernel/duration.ts';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { defineAlert } from '../define.ts';
import { roomRules } from '../recording/rooms.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Connections that are relayed or fall back to TCP, for each person, 0 to 1. Companies' firewalls make a tenth usual. */
export const maxTurnShareRatio = 0.3;
/** People below which one company would be the whole share. */
export const minParticipants = 50;
const people = roomRules.participants.record;
const share = `sum(${livekit.connections.name}{kind="incoming"}) / ${people}`;

/** Far more people than usual reach us only by TURN or TCP: the direct way by UDP is shut for them. */
export const turnShareHigh = defineAlert({
  name: 'TurnShareHigh',
  expr: `${share} > ${maxTurnShareRatio}\nand ${people} >= ${minParticipants}`,
  for: duration('5m'),
  severity: 'warning',
  owner: 'media',
  group: 'business',
  labels: { service: sfuWorkload.name },
  summary: 'Far more people than usual are connected by TURN or TCP',
  description: 'For each person there are {{ $value | humanizePercentage }} connections by TURN or TCP.',
  runbook: {
    meaning: `For five minutes LiveKit has held more than ${maxTurnShareRatio} connections by TURN or TCP for each person. The relay is LiveKit's own, on every SFU node.`,
    impact: 'They hear each other later and see coarser pictures, and each costs the node more CPU.',
    diagnosis: [
      { say: 'Since when?', query: share },
      { say: 'On which node?', query: `sum by (node_id) (${livekit.connections.name}{kind="incoming"})` },
      {
        say: 'Is UDP open to the nodes?',
        command: 'doctl compute firewall list',
        expect: 'UDP 50000 to 60000 open to all addresses.',
      },
      {
        say: 'Do direct connections come to stand at all?',
        query: `sum by (state) (rate(${livekit.peerConnections.name}[5m]))`,
      },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Open the UDP ports of the nodes at the firewall; a rollout may have moved them.',
    leave: 'One company that shuts UDP holds a large meeting.',
    answers: ['Load Balancer Issues', 'Port Forwarding'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1h'),
    signal: { query: share, unit: 'ratio', threshold: maxTurnShareRatio, direction: 'above', legend: 'a person' },
  },
});
