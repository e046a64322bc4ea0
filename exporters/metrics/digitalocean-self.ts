import { defineMetrics, type Emitter } from './define.ts';

const emitter: Emitter = { kind: 'exporter', exporter: 'digitalocean' };

/** What the DigitalOcean exporter says of itself: how old each part is, and how much of its quota it uses. */
export const digitalOceanSelfMetrics = defineMetrics({
  lastSuccess: {
    name: 'digitalocean_exporter_last_success_timestamp_seconds',
    type: 'gauge',
    unit: 'seconds since the epoch',
    help: 'When the part of the account was last read; absent until it was.',
    labels: ['collector'],
    emitter,
  },
  partUp: {
    name: 'digitalocean_exporter_collector_up',
    type: 'gauge',
    unit: 'boolean',
    help: '1 if the last reading of the part succeeded.',
    labels: ['collector'],
    emitter,
  },
  apiRequests: {
    name: 'digitalocean_exporter_api_requests_total',
    type: 'counter',
    unit: 'requests',
    help: 'Calls by route and by what became of them.',
    labels: ['route', 'code'],
    emitter,
  },
  quotaRemaining: {
    name: 'digitalocean_exporter_api_ratelimit_remaining',
    type: 'gauge',
    unit: 'requests',
    help: 'Calls of the hour that the API has left for the token, everybody who uses it together.',
    labels: [],
    emitter,
  },
  quotaLimit: {
    name: 'digitalocean_exporter_api_ratelimit_limit',
    type: 'gauge',
    unit: 'requests',
    help: 'Calls an hour that the API grants the token.',
    labels: [],
    emitter,
  },
  callsLastHour: {
    name: 'digitalocean_exporter_api_calls_last_hour',
    type: 'gauge',
    unit: 'requests',
    help: 'Calls the exporter made in the last hour.',
    labels: [],
    emitter,
  },
  callBudget: {
    name: 'digitalocean_exporter_api_call_budget',
    type: 'gauge',
    unit: 'requests',
    help: 'Most calls the exporter makes in an hour.',
    labels: [],
    emitter,
  },
  stretch: {
    name: 'digitalocean_exporter_interval_stretch_ratio',
    type: 'gauge',
    unit: 'ratio',
    help: 'By how much every reading is later than wanted so that the budget holds.',
    labels: [],
    emitter,
  },
  priceTableAge: {
    name: 'digitalocean_exporter_price_table_age_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Age of the price book, which has what the API does not price.',
    labels: [],
    emitter,
  },
});
