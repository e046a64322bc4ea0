import { defineMetrics, metricsOf } from './define.ts';

const api = metricsOf({ kind: 'contract', team: 'api' });
const media = metricsOf({ kind: 'contract', team: 'media' });

/** What the services promise to say of themselves under the names of the operations runbook. No objective rests on these until they are kept; `generated/metric-contracts.md` is the list for their teams. */
export const contractMetrics = defineMetrics({
  httpRequests: api.counter('http_requests_total', 'requests', 'Requests a service answered, by method and status.', [
    'service',
    'method',
    'status',
    'namespace',
  ]),
  httpDuration: api.histogram(
    'http_request_duration_seconds',
    'seconds',
    'From request to answer, by method and status.',
    ['service', 'method', 'status', 'namespace'],
  ),
  websocketConnections: api.gauge(
    'websocket_connections_total',
    'connections',
    'WebSockets open now. A gauge, whatever its name says: the runbook and the autoscalers have it so.',
    ['service'],
  ),
  chatMessages: api.counter('chat_messages_total', 'messages', 'Chat messages delivered, by result.', [
    'service',
    'result',
  ]),
  turnSessions: media.gauge('turn_sessions', 'sessions', 'TURN credentials that are in use now.', ['service']),
});

/** Names that services of today use, and the standard name each is stored under: the mapping of the operations runbook, done at the scrape. */
export const renamedMetrics: Readonly<Record<string, string>> = {
  gomeet_http_requests_total: contractMetrics.httpRequests.name,
  gomeet_websocket_connections_total: contractMetrics.websocketConnections.name,
};
