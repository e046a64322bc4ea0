import { type Duration, duration } from '../kernel/duration.ts';
import { mediaQualityDegraded } from './catalogue/media-quality-degraded.ts';
import { sfuNodeLost } from './catalogue/sfu-node-lost.ts';
import { sfuSaturated } from './catalogue/sfu-saturated.ts';
import { watchdog } from './catalogue/watchdog.ts';
import { compressDuration } from './compress.ts';
import type { Alert } from './define.ts';

/** What Alertmanager's configuration is made from. Secrets are files: none stands in the configuration. */
export interface AlertmanagerOptions {
  /** The responder's webhook, `http://responder:9480/alertmanager`. */
  readonly responderUrl: string;
  readonly webhookTokenFile: string;
  /** Where critical alerts go directly as well, past the responder. */
  readonly people?: {
    readonly slack?: { readonly webhookUrlFile: string; readonly channel: string };
    readonly email?: {
      readonly to: string;
      readonly from: string;
      readonly smarthost: string;
      readonly username: string;
      readonly passwordFile: string;
    };
  };
  /** File with the URL that Watchdog calls; Alertmanager 0.26 or newer. */
  readonly heartbeatUrlFile?: string;
  /** Divides the intervals, in the lab. */
  readonly factor?: number;
}

/** One alert that explains another where `equal` labels are the same. */
export interface Inhibition {
  readonly source: Alert;
  readonly target: Alert;
  readonly equal: readonly string[];
}

/** A lost node explains its last load; load explains bad quality. Both only on the same node. */
export const inhibitions: readonly Inhibition[] = [
  { source: sfuNodeLost, target: sfuSaturated, equal: ['node_id'] },
  { source: sfuNodeLost, target: mediaQualityDegraded, equal: ['node_id'] },
  { source: sfuSaturated, target: mediaQualityDegraded, equal: ['node_id'] },
];

/** How long the responder's groups wait, and how often they are sent again. It answers after one insert and knows repeats, so short intervals cost nothing. */
const toResponder = { wait: duration('5s'), interval: duration('15s'), repeat: duration('10m') };
/** People are told of more in one message, and reminded less often. */
const toPeople = { wait: duration('30s'), interval: duration('5m'), repeat: duration('4h') };
const toHeartbeat = { wait: duration('0s'), interval: duration('1m'), repeat: duration('1m') };

/** Alertmanager's configuration as plain data. Everything goes to the responder; critical alerts also straight to people, in case the responder is what is broken. */
export function alertmanagerConfig(options: AlertmanagerOptions): Readonly<Record<string, unknown>> {
  const times = (group: { wait: Duration; interval: Duration; repeat: Duration }) => ({
    group_wait: compressDuration(group.wait, options.factor ?? 1),
    group_interval: compressDuration(group.interval, options.factor ?? 1),
    repeat_interval: compressDuration(group.repeat, options.factor ?? 1),
  });
  return {
    route: {
      receiver: 'responder',
      group_by: ['alertname', 'service'],
      ...times(toResponder),
      routes: [
        {
          receiver: 'heartbeat',
          matchers: [`alertname="${watchdog.name}"`],
          group_by: ['alertname'],
          ...times(toHeartbeat),
        },
        {
          receiver: 'people',
          matchers: ['severity="critical"'],
          group_by: ['alertname', 'service'],
          ...times(toPeople),
          continue: true,
        },
        { receiver: 'responder' },
      ],
    },
    inhibit_rules: inhibitions.map(({ source, target, equal }) => ({
      source_matchers: [`alertname="${source.name}"`],
      target_matchers: [`alertname="${target.name}"`],
      equal,
    })),
    receivers: [responderReceiver(options), peopleReceiver(options), heartbeatReceiver(options)],
  };
}

function responderReceiver(options: AlertmanagerOptions): Readonly<Record<string, unknown>> {
  return {
    name: 'responder',
    webhook_configs: [
      {
        url: options.responderUrl,
        send_resolved: true,
        // 0 is all of them: a truncated group would lose alerts.
        max_alerts: 0,
        http_config: { authorization: { type: 'Bearer', credentials_file: options.webhookTokenFile } },
      },
    ],
  };
}

function peopleReceiver({ people }: AlertmanagerOptions): Readonly<Record<string, unknown>> {
  const title = '{{ .CommonLabels.alertname }} ({{ .Status }}, {{ .Alerts | len }})';
  const text = '{{ .CommonAnnotations.summary }}\n{{ .CommonAnnotations.runbook_url }}';
  const slack = people?.slack;
  const email = people?.email;
  return {
    name: 'people',
    ...(slack === undefined
      ? {}
      : {
          slack_configs: [
            { api_url_file: slack.webhookUrlFile, channel: slack.channel, send_resolved: true, title, text },
          ],
        }),
    ...(email === undefined
      ? {}
      : {
          email_configs: [
            {
              to: email.to,
              from: email.from,
              smarthost: email.smarthost,
              auth_username: email.username,
              auth_password_file: email.passwordFile,
              send_resolved: true,
              headers: { Subject: title },
            },
          ],
        }),
  };
}

function heartbeatReceiver({ heartbeatUrlFile }: AlertmanagerOptions): Readonly<Record<string, unknown>> {
  if (heartbeatUrlFile === undefined) return { name: 'heartbeat' };
  return { name: 'heartbeat', webhook_configs: [{ url_file: heartbeatUrlFile, send_resolved: false }] };
}

const secrets = '/etc/alertmanager/secrets';

/** What the bundle's own deployment uses; each file is a key of a mounted secret. */
export const deployedAlertmanager: AlertmanagerOptions = {
  responderUrl: 'http://responder:9480/alertmanager',
  webhookTokenFile: `${secrets}/WEBHOOK_TOKEN`,
  people: {
    slack: { webhookUrlFile: `${secrets}/SLACK_WEBHOOK_URL`, channel: '#gomeet-alerts' },
    email: {
      to: 'oncall@gomeet.com',
      from: 'alertmanager@gomeet.com',
      smarthost: 'smtp.gomeet.com:587',
      username: 'alertmanager',
      passwordFile: `${secrets}/SMTP_PASSWORD`,
    },
  },
  heartbeatUrlFile: `${secrets}/HEARTBEAT_URL`,
};
