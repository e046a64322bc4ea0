import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Share of the webhooks that may fail or be dropped. */
export const maxDroppedRatio = 0.02;
const share = `sum(rate(${livekit.webhooks.name}{status!="success"}[5m])) / sum(rate(${livekit.webhooks.name}[5m]))`;

/** LiveKit drops webhooks: counts of people and recordings are late or wrong. */
export const webhooksDropped = defineAlert({
  name: 'WebhooksDropped',
  expr: `${share} > ${maxDroppedRatio}`,
  for: duration('5m'),
  severity: 'warning',
  owner: 'media',
  group: 'warning',
  labels: { service: 'livekit-exporter' },
  summary: 'LiveKit drops webhooks',
  description: '{{ $value | humanizePercentage }} of the webhooks do not arrive.',
  runbook: {
    meaning: `For five minutes more than ${maxDroppedRatio * 100} % of LiveKit's webhooks failed or were dropped from a full queue.`,
    impact: 'Who came and went is known only from polls; services that act on webhooks act late.',
    diagnosis: [
      { say: 'Why?', query: `sum by (status, reason) (rate(${livekit.webhooks.name}[5m]))` },
      { say: 'Does the exporter keep up?', query: `rate(${exporter.webhookEvents.name}[5m])` },
      {
        say: 'Does each receiver answer?',
        command: 'kubectl -n gomeet logs -l app=livekit-sfu --since=5m --tail=50',
        expect: 'No line with failed webhook.',
      },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Make the receiver answer at once and work later.',
    leave: 'A large meeting has just begun: the burst is over within a minute.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: share, unit: 'ratio', threshold: maxDroppedRatio, direction: 'above', legend: 'not delivered' },
  },
});
