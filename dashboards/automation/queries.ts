import { alertmanagerMetrics as alertmanager } from '../../exporters/metrics/alertmanager.ts';
import { prometheusMetrics as prometheus } from '../../exporters/metrics/prometheus.ts';
import { responderMetrics as responder } from '../../exporters/metrics/responder.ts';

const over = 'verified|not-improved|unknown|failed';
// What did not happen is left out: each of these counters is there from the start, at 0, for every word it knows.
const counted = (metric: string, by: string, where = '') =>
  `round(sum by (${by}) (increase(${metric}${where}[$__rate_interval]))) > 0`;
const inADay = (metric: string, where = '') => `sum(increase(${metric}${where}[24h]))`;
const median = (phase: string) => `max(${responder.incidentTime.name}{phase="${phase}"})`;

/** What the board on the responder asks. */
export const automationQueries = {
  open: `max(${responder.episodesOpen.name})`,
  helped: `${inADay(responder.runs.name, '{state="verified"}')} / (${inADay(responder.runs.name, `{state=~"${over}"}`)} > 0)`,
  refused: inADay(responder.decisions.name, '{outcome="refuse"}'),
  detect: median('detect'),
  acknowledge: median('acknowledge'),
  resolve: median('resolve'),
  runs: counted(responder.runs.name, 'action, state', '{state!~"proposed|intended|verifying"}'),
  decisions: counted(responder.decisions.name, 'outcome'),
  reasons: counted(responder.decisions.name, 'reason', '{outcome="refuse"}'),
  alerts: `topk(10, round(sum by (alertname) (increase(${responder.decisions.name}[24h])))) > 0`,
  inboxAge: `max(${responder.inboxOldestAge.name})`,
  actLatency: `histogram_quantile(0.95, sum by (le) (rate(${responder.actLatency.name}_bucket[$__rate_interval])))`,
  worldAge: `max by (part) (${responder.worldAge.name})`,
  peerErrors: counted(responder.peerErrors.name, 'peer, code'),
  messages: counted(responder.chatMessages.name, 'kind, result'),
  clicks: counted(responder.clicks.name, 'result'),
  notifications: counted(alertmanager.notificationFailures.name, 'integration'),
  dropped: `round(sum(increase(${prometheus.notificationsDropped.name}[$__rate_interval]))) > 0`,
} as const;
