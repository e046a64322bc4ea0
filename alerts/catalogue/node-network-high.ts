import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { nodeMetrics as node } from '../../exporters/metrics/node.ts';
import { duration } from '../../kernel/duration.ts';
import { nicBytesPerSecond } from '../../model/capacity/node.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Share of the line of a machine, 0 to 1. The capacity plan goes to 0.7. */
export const maxLineRatio = 0.85;
const sent = `sum by (node) (rate(${node.sent.name}{device=~"eth.+"}[5m]))`;
/** A machine bears the name of its Droplet. */
const premium = `label_replace(group by (name) (${cloud.dropletUp.name}{size=~".+-(intel|amd)"}), "node", "$1", "name", "(.+)")`;
// A machine whose size nobody says counts as one with the smaller line: better early than never.
const used = `${sent} / ${nicBytesPerSecond('c-32')} unless on (node) ${premium}\nor ${sent} / ${nicBytesPerSecond('c-32-intel')} and on (node) ${premium}`;

/** The line of a machine is nearly full: 2 Gbit/s, 10 on premium CPU (DigitalOcean's limits). */
export const nodeNetworkHigh = defineAlert({
  name: 'NodeNetworkHigh',
  expr: `(${used}) > ${maxLineRatio}`,
  for: duration('3m'),
  severity: 'warning',
  owner: 'media',
  group: 'capacity',
  labels: { service: 'livekit-sfu' },
  summary: 'The network line of a machine is nearly full',
  description: 'Node {{ $labels.node }} sends {{ $value | humanizePercentage }} of what its line takes.',
  runbook: {
    meaning: `For three minutes the machine has sent more than ${maxLineRatio * 100} % of what DigitalOcean lets it: 2 Gbit/s, 10 on premium CPU.`,
    impact: 'Above the line packets are dropped: everybody on the node hears gaps at once.',
    diagnosis: [
      { say: 'Which machine, and how full?', query: used },
      { say: 'Which SFU nodes send most?', query: `max by (node_id) (${exporter.nodeBytes.name}{direction="out"})` },
      { say: 'Are packets dropped already?', query: `sum by (node) (rate(${node.sendDrops.name}[5m]))` },
      {
        say: 'What would the same people take elsewhere?',
        command: 'gomeet capacity now',
        expect: 'Free slots on other nodes.',
      },
    ],
    mitigation: [
      {
        say: 'Add one SFU node for the meetings to come: those that run do not move.',
        action: 'scaleSfu',
        params: { step: 1 },
        approval: 'one',
      },
      callThePersonOnCall,
    ],
    person: 'Ask the host of the largest meeting to switch cameras off; take premium CPU for the pool of SFUs.',
    leave: 'A backup leaves the machine for a few minutes, and no SFU runs on it.',
    answers: ['High CPU/Memory Usage'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('20m'),
    signal: { query: used, unit: 'ratio', threshold: maxLineRatio, direction: 'above', legend: '{{node}}' },
  },
});
