import { type Duration, duration } from '../kernel/duration.ts';
import { addressUnreachable } from './catalogue/address-unreachable.ts';
import { autoscalerAtMaximum } from './catalogue/autoscaler-at-maximum.ts';
import { autoscalerBlind } from './catalogue/autoscaler-blind.ts';
import { disruptionBudgetBlocks } from './catalogue/disruption-budget-blocks.ts';
import { highErrorRate } from './catalogue/high-error-rate.ts';
import { highErrorRateCritical } from './catalogue/high-error-rate-critical.ts';
import { highResponseTime } from './catalogue/high-response-time.ts';
import { joinFailuresHigh } from './catalogue/join-failures-high.ts';
import { mediaQualityDegraded } from './catalogue/media-quality-degraded.ts';
import { nodeCpuHigh } from './catalogue/node-cpu-high.ts';
import { nodeMemoryHigh } from './catalogue/node-memory-high.ts';
import { nodeNetworkHigh } from './catalogue/node-network-high.ts';
import { nodeNotReady } from './catalogue/node-not-ready.ts';
import { nodeUnderPressure } from './catalogue/node-under-pressure.ts';
import { podStuckTerminating } from './catalogue/pod-stuck-terminating.ts';
import { podsPending } from './catalogue/pods-pending.ts';
import { poolClientsWaiting } from './catalogue/pool-clients-waiting.ts';
import { recordersFull } from './catalogue/recorders-full.ts';
import { regionOutage } from './catalogue/region-outage.ts';
import { rolloutStuck } from './catalogue/rollout-stuck.ts';
import { serviceCrashLooping } from './catalogue/service-crash-looping.ts';
import { serviceHasNoReplicas } from './catalogue/service-has-no-replicas.ts';
import { sfuHeadroomLow } from './catalogue/sfu-headroom-low.ts';
import { sfuNodeLost } from './catalogue/sfu-node-lost.ts';
import { sfuSaturated } from './catalogue/sfu-saturated.ts';
import { targetDown } from './catalogue/target-down.ts';
import { trialMeetingFailing } from './catalogue/trial-meeting-failing.ts';
import { turnRequestsFailing } from './catalogue/turn-requests-failing.ts';
import { turnShareHigh } from './catalogue/turn-share-high.ts';
import { watchdog } from './catalogue/watchdog.ts';
import { webhooksDropped } from './catalogue/webhooks-dropped.ts';
import { compressDuration } from './compress.ts';
import type { Alert } from './define.ts';
import { trackAlerts } from './families/tracks.ts';
import { sloAlerts } from './slo/index.ts';
import { type Owner, owners } from './vocabulary.ts';

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
      /** Told as well, of what is theirs. */
      readonly owners: Readonly<Record<Owner, string>>;
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

const media = [mediaQualityDegraded, ...trackAlerts];

/** One alert that explains others where `equal` labels are the same. */
export interface Inhibition {
  readonly source: Alert;
  readonly targets: readonly Alert[];
  readonly equal: readonly string[];
}

/** A lost node explains its last load, load explains bad media; a machine that is away explains its pods and itself; a region that is away explains every service in it. */
export const inhibitions: readonly Inhibition[] = [
  { source: sfuNodeLost, targets: [sfuSaturated, ...media], equal: ['node_id'] },
  { source: sfuSaturated, targets: media, equal: ['node_id'] },
  {
    source: nodeNotReady,
    targets: [podStuckTerminating, nodeUnderPressure, nodeCpuHigh, nodeMemoryHigh, nodeNetworkHigh],
    equal: ['node'],
  },
  {
    source: regionOutage,
    targets: [
      nodeNotReady,
      nodeUnderPressure,
      nodeCpuHigh,
      nodeMemoryHigh,
      nodeNetworkHigh,
      sfuNodeLost,
      sfuSaturated,
      sfuHeadroomLow,
      recordersFull,
      ...media,
      joinFailuresHigh,
      turnRequestsFailing,
      turnShareHigh,
      webhooksDropped,
      poolClientsWaiting,
      ...sloAlerts,
      serviceCrashLooping,
      serviceHasNoReplicas,
      podsPending,
      podStuckTerminating,
      rolloutStuck,
      autoscalerAtMaximum,
      autoscalerBlind,
      disruptionBudgetBlocks,
      targetDown,
      addressUnreachable,
      trialMeetingFailing,
      highErrorRate,
      highErrorRateCritical,
      highResponseTime,
    ],
    // Each Prometheus names its cluster, which lies in one region.
    equal: ['cluster'],
  },
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
          // A receiver of its own for each owner; whose owner nobody knows stays with all.
          routes: owners.map((owner) => ({ receiver: `people-${owner}`, matchers: [`owner="${owner}"`] })),
          continue: true,
        },
        { receiver: 'responder' },
      ],
    },
    inhibit_rules: inhibitions.map(({ source, targets, equal }) => ({
      source_matchers: [`alertname="${source.name}"`],
      target_matchers: [`alertname=~"${targets.map(({ name }) => name).join('|')}"`],
      equal,
    })),
    receivers: [
      responderReceiver(options),
      peopleReceiver(options, undefined),
      ...owners.map((owner) => peopleReceiver(options, owner)),
      heartbeatReceiver(options),
    ],
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

function peopleReceiver({ people }: AlertmanagerOptions, owner: Owner | undefined): Readonly<Record<string, unknown>> {
  const whose = owner === undefined ? '' : `${owner}: `;
  const title = `${whose}{{ .CommonLabels.alertname }} ({{ .Status }}, {{ .Alerts | len }})`;
  // What each is about and how bad it is, so that nobody has to open anything to see it.
  const text =
    '{{ .CommonAnnotations.summary }}{{ range .Alerts }}\n• {{ .Annotations.description }}{{ end }}\n{{ .CommonAnnotations.runbook_url }}';
  const slack = people?.slack;
  const email = people?.email;
  return {
    name: owner === undefined ? 'people' : `people-${owner}`,
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
              to: owner === undefined ? email.to : `${email.to}, ${email.owners[owner]}`,
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
      owners: {
        platform: 'platform@gomeet.com',
        media: 'media@gomeet.com',
        api: 'api@gomeet.com',
        data: 'data@gomeet.com',
      },
      from: 'alertmanager@gomeet.com',
      smarthost: 'smtp.gomeet.com:587',
      username: 'alertmanager',
      passwordFile: `${secrets}/SMTP_PASSWORD`,
    },
  },
  heartbeatUrlFile: `${secrets}/HEARTBEAT_URL`,
};
