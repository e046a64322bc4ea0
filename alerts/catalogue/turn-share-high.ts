import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { nodeMetrics as machine } from '../../exporters/metrics/node.ts';
import { prometheusMetrics as prom } from '../../exporters/metrics/prometheus.ts';
import { duration } from '../../kernel/duration.ts';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { defineAlert } from '../define.ts';
import { jobs } from '../jobs.ts';
import { roomRules } from '../recording/rooms.ts';
import { callThePersonOnCall } from '../steps.ts';

/** People who are relayed or fall back to TCP, among all, 0 to 1. Companies' firewalls make a tenth usual. */
export const maxTurnShareRatio = 0.3;
/** People below which one company would be the whole share. */
export const minParticipants = 50;
const people = roomRules.participants.record;
/** TCP connections of an SFU machine that are nobody's: kubelet, Valkey, scrapes, the way in by the gateway. An estimate, on the generous side. */
const ownConnections = 50;
const sfuNodes = `label_replace(group by (kubernetes_node) (${prom.up.name}{job="${jobs.livekit}"}), "node", "$1", "kubernetes_node", "(.+)")`;
// livekit-server 1.13.5 counts its relayed connections only where it runs as a TURN server alone, so its machines are asked: an SFU has the network of its node.
const open = `${machine.tcpConnections.name} and on (node) ${sfuNodes}`;
// One for each person is the WebSocket.
const share = `(sum(${open}) - ${people} - ${ownConnections} * count(${sfuNodes})) / ${people}`;

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
  description:
    'Some {{ $value | humanizePercentage }} of the people have a connection by TURN or TCP beside their WebSocket.',
  runbook: {
    meaning: `For five minutes the machines of the SFUs have held more TCP connections than the WebSockets of the people and ${ownConnections} of their own each, by over ${maxTurnShareRatio * 100} % of the people. The relay is LiveKit's own, on every SFU node; it does not count its connections, so this is an estimate.`,
    impact: 'They hear each other later and see coarser pictures, and each costs the node more CPU.',
    diagnosis: [
      { say: 'Since when?', query: share },
      { say: 'On which node?', query: `sum by (node) (${open})` },
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
