import { roomRules } from '../../alerts/recording/rooms.ts';
import { sfuRules } from '../../alerts/recording/sfu.ts';
import { blackboxMetrics as outside } from '../../exporters/metrics/blackbox.ts';
import { prometheusMetrics as prometheus } from '../../exporters/metrics/prometheus.ts';
import { responderMetrics as responder } from '../../exporters/metrics/responder.ts';
import { sharedQueries as shared } from '../shared.ts';

const firing = (severity: string) =>
  `count(max by (alertname, service) (${prometheus.alerts.name}{alertstate="firing", severity="${severity}"})) or vector(0)`;

/** What the first page asks. */
export const homeQueries = {
  // A Prometheus that evaluates nothing has no alerts either: the watchdog that always fires stands for it.
  watchdog: `max(${prometheus.alerts.name}{alertname="Watchdog", alertstate="firing"})`,
  critical: firing('critical'),
  warning: firing('warning'),
  people: shared.people,
  joinSuccess: shared.joinSuccess,
  trial: shared.trial,
  freeSlots: shared.freeSlots,
  hottest: `max(${sfuRules.cpuLoad.record})`,
  outside: `min by (service) (${outside.success.name})`,
  alerts: `max by (alertname, severity, service, owner) (${prometheus.alerts.name}{alertstate="firing", alertname!="Watchdog"})`,
  acts: `round(sum by (action, state) (increase(${responder.runs.name}{state!~"proposed|intended|verifying"}[24h]))) > 0`,
  targetsDown: shared.targetsDown,
  peopleOverTime: `max(${roomRules.participants.record})`,
  roomsOverTime: roomRules.rooms.record,
} as const;
