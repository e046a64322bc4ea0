import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { prometheusMetrics } from '../../exporters/metrics/prometheus.ts';
import { duration } from '../../kernel/duration.ts';
import { livekitExporter } from '../../manifests/catalogue/livekit-exporter.ts';
import { defineAlert } from '../define.ts';
import { jobs } from '../jobs.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Seconds for which a polled source may be silent; it is read every 15. */
export const maxSourceAgeSeconds = 60;

/** Webhooks are left out: no meeting, no webhook. The best of two exporters counts. */
const polled = 'source=~"room_service|redis"';
const age = `min by (source) (${exporter.sourceAge.name}{${polled}})`;
const neverAnswered = `max by (source) (${exporter.sourceUp.name}{${polled}}) == 0`;
const gone = `label_replace(absent(${prometheusMetrics.up.name}{job="${jobs.livekitExporter}"} == 1), "source", "exporter", "", "")`;

/** What is known of rooms and nodes is old or missing. The other SFU alerts then stay silent and the responder holds: this one is heard instead. */
export const exporterStale = defineAlert({
  name: 'ExporterStale',
  expr: `${age} > ${maxSourceAgeSeconds}\nor on (source) ${neverAnswered}\nor on (source) ${gone}`,
  // Long enough for an exporter to be replaced, or for a few scrapes of a busy one to fail.
  for: duration('2m'),
  severity: 'warning',
  owner: 'media',
  group: 'bundle',
  labels: { service: livekitExporter.name },
  summary: 'The LiveKit exporter no longer sees the platform',
  description: 'Source {{ $labels.source }} has not answered for minutes: rooms and nodes are not watched.',
  runbook: {
    meaning: `RoomService or Redis has not answered any exporter for ${maxSourceAgeSeconds} s, or no exporter answers Prometheus (source "exporter").`,
    impact:
      'Nobody in a meeting notices. But saturation, headroom, lost nodes and split meetings cannot be seen, and the responder does nothing that needs them: no data means hold.',
    diagnosis: [
      { say: 'Which source, and for how long?', query: age },
      {
        say: 'Does the exporter run?',
        query: `${prometheusMetrics.up.name}{job="${jobs.livekitExporter}"}`,
        command: 'kubectl -n gomeet logs deployment/livekit-exporter --tail=50',
        expect: 'No line with level 50 or above.',
      },
      {
        say: 'Redis: is the database there, and does the secret hold its present address?',
        command: 'redis-cli -u "$REDIS_URL" ping',
        expect: 'PONG.',
      },
      { say: 'RoomService: does a key still work?', command: 'gomeet doctor', expect: 'Every line ok.' },
    ],
    mitigation: [
      {
        say: 'Restart the exporter. It reads its secrets anew and touches no meeting; if the source itself is away it does not help.',
        action: 'restartWorkload',
        params: { workload: livekitExporter.name },
        approval: 'none',
      },
      {
        say: 'Declare an incident: the platform runs unwatched.',
        action: 'openIncident',
        params: { sev: 3 },
        approval: 'none',
      },
      callThePersonOnCall,
    ],
    person: 'Mend the source: the address of Redis in the secret, or the API key of LiveKit.',
    leave: 'Redis is being failed over by DigitalOcean: a minute or two is to be expected.',
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('15m'),
    signal: { query: age, unit: 'seconds', threshold: maxSourceAgeSeconds, direction: 'above', legend: '{{source}}' },
  },
  limits: { cooldown: duration('30m'), maxActsPerHour: 1, maxFleetShareRatio: 1, maxParticipants: 0 },
});
