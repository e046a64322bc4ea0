import { traefikMetrics as traefik } from '../../exporters/metrics/traefik.ts';
import type { Objective } from './define.ts';

const requests = (more = '') => `sum(rate(${traefik.entrypointRequests.name}{entrypoint="websecure"${more}}[5m]))`;

/** Requests are answered, as the gateway sees it. */
export const apiAvailability: Objective = {
  name: 'ApiAvailability',
  key: 'api_availability',
  promise: 'Requests are answered',
  objective: 0.999,
  owner: 'api',
  service: 'traefik',
  bad: requests(', code=~"5.."'),
  total: requests(),
  leastAnHour: 30,
  impact: 'People see errors when they sign in, list meetings or chat.',
  look: [{ say: 'Which service?', query: `sum by (service) (rate(${traefik.serviceRequests.name}{code=~"5.."}[5m]))` }],
};
