import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { passedDrills } from '../alerts/drills.ts';
import { runStateTexts } from './tell/words.ts';

/** The responder's own metrics; names and labels stand in exporters/metrics/responder.ts. */
export interface ResponderMetrics {
  readonly registry: Registry;
  readonly webhookRequests: Counter<'result'>;
  readonly inboxRows: Gauge;
  readonly inboxOldestAge: Gauge;
  readonly episodesOpen: Gauge;
  readonly decisions: Counter<'alertname' | 'outcome' | 'reason'>;
  readonly runs: Counter<'action' | 'state'>;
  readonly worldAge: Gauge<'part'>;
  readonly actLatency: Histogram;
  readonly clicks: Counter<'result'>;
  readonly chatMessages: Counter<'kind' | 'result'>;
  readonly peerErrors: Counter<'peer' | 'code'>;
  readonly leasesLost: Counter;
  readonly secretWritten: Gauge<'secret' | 'key'>;
  readonly backupProved: Gauge;
  readonly backupOldest: Gauge;
  readonly drillPassed: Gauge<'drill'>;
  readonly incidentTime: Gauge<'phase'>;
}

/** Creates them on a registry of their own, so that two responders in one process do not mix. Runs of the named actions are counted from 0, so that the first one is an increase. */
export function createResponderMetrics(actions: readonly string[] = []): ResponderMetrics {
  const registry = new Registry();
  const registers = [registry];
  const runs = new Counter({
    name: 'gomeet_responder_runs_total',
    help: 'Runs of actions by the state they reached.',
    labelNames: ['action', 'state'],
    registers,
  });
  for (const action of actions) for (const state of Object.keys(runStateTexts)) runs.inc({ action, state }, 0);
  const drillPassed = new Gauge({
    name: 'gomeet_responder_drill_passed_timestamp_seconds',
    help: 'When each drill last passed, by the record that comes with the bundle.',
    labelNames: ['drill'],
    registers,
  });
  for (const [drill, { passedAt }] of Object.entries(passedDrills))
    drillPassed.set({ drill }, Date.parse(passedAt) / 1_000);
  return {
    registry,
    drillPassed,
    webhookRequests: new Counter({
      name: 'gomeet_responder_webhook_requests_total',
      help: 'Webhook requests by how they ended.',
      labelNames: ['result'],
      registers,
    }),
    inboxRows: new Gauge({
      name: 'gomeet_responder_inbox_rows',
      help: 'Alerts accepted and not yet taken up.',
      registers,
    }),
    inboxOldestAge: new Gauge({
      name: 'gomeet_responder_inbox_oldest_age_seconds',
      help: 'Age of the oldest of them.',
      registers,
    }),
    episodesOpen: new Gauge({
      name: 'gomeet_responder_episodes_open',
      help: 'Alert episodes that are open.',
      registers,
    }),
    decisions: new Counter({
      name: 'gomeet_responder_decisions_total',
      help: 'Decisions by outcome and reason.',
      labelNames: ['alertname', 'outcome', 'reason'],
      registers,
    }),
    runs,
    worldAge: new Gauge({
      name: 'gomeet_responder_world_age_seconds',
      help: 'Age of each part of what is known of the platform.',
      labelNames: ['part'],
      registers,
    }),
    actLatency: new Histogram({
      name: 'gomeet_responder_act_latency_seconds',
      help: 'From the webhook to the first call of an act.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    }),
    clicks: new Counter({
      name: 'gomeet_responder_clicks_total',
      help: 'Clicks and commands by how they ended.',
      labelNames: ['result'],
      registers,
    }),
    chatMessages: new Counter({
      name: 'gomeet_responder_chat_messages_total',
      help: 'Messages to the chat.',
      labelNames: ['kind', 'result'],
      registers,
    }),
    peerErrors: new Counter({
      name: 'gomeet_responder_peer_errors_total',
      help: 'Failed calls to peers.',
      labelNames: ['peer', 'code'],
      registers,
    }),
    backupProved: new Gauge({
      name: 'gomeet_responder_backup_proved_timestamp_seconds',
      help: 'When the newest backup began that a restore has proved.',
      registers,
    }),
    backupOldest: new Gauge({
      name: 'gomeet_responder_backup_oldest_timestamp_seconds',
      help: 'When the oldest finished backup began.',
      registers,
    }),
    secretWritten: new Gauge({
      name: 'gomeet_responder_secret_written_timestamp_seconds',
      help: 'When each key of a secret was written last.',
      labelNames: ['secret', 'key'],
      registers,
    }),
    leasesLost: new Counter({
      name: 'gomeet_responder_leases_lost_total',
      help: 'Writes refused because another replica had taken over.',
      registers,
    }),
    incidentTime: new Gauge({
      name: 'gomeet_responder_incident_time_median_seconds',
      help: 'Median over the incidents of the last 30 days.',
      labelNames: ['phase'],
      registers,
    }),
  };
}
