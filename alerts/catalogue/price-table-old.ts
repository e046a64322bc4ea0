import { digitalOceanMetrics } from '../../exporters/metrics/digitalocean.ts';
import { digitalOceanSelfMetrics as exporter } from '../../exporters/metrics/digitalocean-self.ts';
import { duration } from '../../kernel/duration.ts';
import { digitalOceanExporter } from '../../manifests/catalogue/digitalocean-exporter.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Seconds after which prices are to be read again: 120 days. */
export const maxPriceAgeSeconds = 120 * 86_400;
const age = `max(${exporter.priceTableAge.name})`;

/** The price book, which has what DigitalOcean's API does not price, has not been read again for months. */
export const priceTableOld = defineAlert({
  name: 'PriceTableOld',
  expr: `${age} > ${maxPriceAgeSeconds}`,
  for: duration('1h'),
  severity: 'info',
  owner: 'platform',
  group: 'cost',
  labels: { service: digitalOceanExporter.name },
  summary: 'The price book is old: databases, load balancers and volumes may cost something else',
  description: 'The prices were read {{ $value | humanizeDuration }} ago.',
  runbook: {
    meaning:
      'DigitalOcean prices no database, load balancer or volume in its API; those prices come from the price book, whose date is over 120 days back.',
    impact:
      'Cost figures with price_source "table" may be wrong, and with them budget and forecast. Nothing that runs is touched.',
    diagnosis: [
      { say: 'How old?', query: age },
      {
        say: 'How much of what is paid rests on it?',
        query: `sum by (price_source) (${digitalOceanMetrics.resourceCost.name})`,
      },
      { say: 'Which prices does it give?', command: 'ls model/prices', expect: 'A file of the last months.' },
    ],
    mitigation: [
      {
        ...callThePersonOnCall,
        say: 'Ask the platform team to read the pricing page, to write a new dated file in model/prices, and to confirm the unconfirmed ones.',
      },
    ],
    person: 'Read the pricing page and write a new dated file in model/prices.',
    leave: 'Never urgent: a week more does no harm.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1w'),
    signal: { query: age, unit: 'seconds', threshold: maxPriceAgeSeconds, direction: 'above', legend: 'price book' },
  },
});
