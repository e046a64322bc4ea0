import { digitalOceanSelfMetrics as exporter } from '../../exporters/metrics/digitalocean-self.ts';
import { duration } from '../../kernel/duration.ts';
import { digitalOceanExporter } from '../../manifests/catalogue/digitalocean-exporter.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Share of the token's hourly calls below which others are too busy with it. */
export const minQuotaRatio = 0.1;
const left = `min(${exporter.quotaRemaining.name} / ${exporter.quotaLimit.name})`;

/** Hardly any calls to DigitalOcean's API are left: what scales node pools may be turned away next. */
export const apiQuotaLow = defineAlert({
  name: 'ApiQuotaLow',
  expr: `${left} < ${minQuotaRatio}`,
  for: duration('10m'),
  severity: 'warning',
  owner: 'platform',
  group: 'bundle',
  labels: { service: digitalOceanExporter.name },
  summary: 'The quota of DigitalOcean API calls is nearly spent',
  description: '{{ $value | humanizePercentage }} of the calls of an hour are left.',
  runbook: {
    meaning: `Less than ${minQuotaRatio * 100} % of the hourly calls of the exporter's token are left. The exporter itself makes at most 500 of 5,000 and slows down by itself.`,
    impact: 'Cost figures get older. Whoever shares the token is answered 429; the responder has a token of its own.',
    diagnosis: [
      { say: 'How much is left?', query: left },
      { say: 'How much of it is the exporter?', query: `max(${exporter.callsLastHour.name})` },
      {
        say: "Which calls does the exporter make? What is missing to the hour's total is somebody else's: the console shows under API, Tokens, when each token was used last.",
        query: `sum by (route, code) (increase(${exporter.apiRequests.name}[1h]))`,
      },
    ],
    mitigation: [{ ...callThePersonOnCall, say: 'Find who else uses the token, and give them one of their own.' }],
    person: 'Find who shares the token, and give them one of their own.',
    leave: 'The hour is nearly over: the quota comes back by itself.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: left, unit: 'ratio', threshold: minQuotaRatio, direction: 'below', legend: 'left' },
  },
});
