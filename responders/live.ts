import { readFileSync } from 'node:fs';
import { alertsOf } from '../alerts/thresholds.ts';
import { createLiveKitSource } from '../exporters/livekit/source.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { type Config, required } from '../kernel/config.ts';
import { errorText, PortError, UsageError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { usd } from '../kernel/money.ts';
import { environments } from '../manifests/environments/index.ts';
import { hosts } from '../manifests/settings.ts';
import { createAlertmanager } from './adapters/alertmanager.ts';
import { createBackups } from './adapters/backup/backups.ts';
import { createWebhookChat } from './adapters/chat-webhook.ts';
import { createDatabases } from './adapters/digitalocean/databases.ts';
import { createEdge } from './adapters/digitalocean/edge.ts';
import { createKubernetesObjects } from './adapters/kubernetes/any.ts';
import { createKubernetesCluster } from './adapters/kubernetes/cluster.ts';
import { createLiveKitFleet } from './adapters/livekit/rooms.ts';
import { createOutside } from './adapters/outside.ts';
import { createSlackPager, createWebhookPager } from './adapters/pager.ts';
import { createPrometheus } from './adapters/prometheus.ts';
import { createRegistry } from './adapters/registry.ts';
import { createSlackChat } from './adapters/slack/chat.ts';
import { createSmtpMailer } from './adapters/smtp.ts';
import { tokenAuth } from './console/auth.ts';
import { signalPicture } from './console/signal.ts';
import { declaredPlatform, environmentNamed } from './declared.ts';
import { type People, parsePeople } from './interact/permissions.ts';
import type { ResponderOptions } from './main.ts';
import type { Chat, Cloud, Metrics, Notifier, Objects, Outside } from './ports.ts';
import { priceBook } from './price-book.ts';
import type { CoreOptions } from './start.ts';

/** A responder's options, and what to close after it. */
export interface Live {
  readonly options: ResponderOptions;
  close(): Promise<void>;
}

/** The core's options, and what to close after it. */
interface LiveCore {
  readonly options: CoreOptions;
  readonly chat: ResponderOptions['chat'];
  close(): Promise<void>;
}

/**
 * The live peers from the settings. A responder needs `all` and throws a UsageError that names what is missing; a procedure that runs from a laptop takes
 * `what-is-set`, and a peer without a setting says so when it is asked: it is then missing data, which no guard takes for good news.
 */
export async function liveCore(
  config: Config,
  log: Log,
  databaseUrl: string,
  need: 'all' | 'what-is-set',
): Promise<LiveCore> {
  const clock = systemClock;
  const has = (...names: readonly (keyof Config)[]): boolean =>
    need === 'all' || names.every((name) => config[name] !== undefined);
  const metrics: Metrics = has('PROMETHEUS_URL')
    ? createPrometheus({ url: required(config, 'PROMETHEUS_URL'), log })
    : { query: unset('prometheus', 'PROMETHEUS_URL'), queryRange: unset('prometheus', 'PROMETHEUS_URL') };
  const kubernetes = { kubeconfig: config.KUBECONFIG, namespace: config.KUBE_NAMESPACE };
  const cluster = createKubernetesCluster(kubernetes);
  const objects = createKubernetesObjects(kubernetes);
  const source = has('LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET')
    ? createLiveKitSource({
        url: required(config, 'LIVEKIT_URL'),
        apiKey: required(config, 'LIVEKIT_API_KEY'),
        apiSecret: required(config, 'LIVEKIT_API_SECRET'),
        redisUrl: config.REDIS_URL,
      })
    : undefined;
  const chat = chatFrom(config, log);
  const options: CoreOptions = {
    databaseUrl,
    ports: {
      cluster,
      fleet:
        source === undefined
          ? { read: unset('livekit', 'LIVEKIT_URL') }
          : createLiveKitFleet({ source, metrics, pods: async () => (await cluster.read()).pods, clock }),
      alertmanager: has('ALERTMANAGER_URL')
        ? createAlertmanager({ url: required(config, 'ALERTMANAGER_URL'), clock })
        : {
            activeAlerts: unset('alertmanager', 'ALERTMANAGER_URL'),
            silence: unset('alertmanager', 'ALERTMANAGER_URL'),
          },
      cloud: await cloudFrom(config),
      objects,
      backups: createBackups(config, objects),
      ...(config.DIGITALOCEAN_TOKEN === undefined
        ? {}
        : {
            databases: createDatabases({ token: config.DIGITALOCEAN_TOKEN, url: config.DIGITALOCEAN_API_URL }),
            edge: createEdge({ token: config.DIGITALOCEAN_TOKEN, url: config.DIGITALOCEAN_API_URL }),
          }),
      outside: outsideFrom(config),
      registry: createRegistry({ password: config.DIGITALOCEAN_TOKEN }),
    },
    metrics,
    notifiers: notifiersFrom(config, chat, clock),
    alerts: alertsOf(environmentNamed(config.GOMEET_ENVIRONMENT)),
    declared: declaredPlatform(config.GOMEET_ENVIRONMENT, await priceBook(config)),
    budget: usd(Number(config.MONTHLY_BUDGET_USD)),
    clock,
    log,
  };
  return { options, chat, close: async () => await source?.close() };
}

/** What commands that only look at the platform need: no store, no LiveKit, no account. */
export function livePeek(config: Config, log: Log, namespace: string): { objects: Objects; metrics: Metrics } {
  return {
    objects: createKubernetesObjects({ kubeconfig: config.KUBECONFIG, namespace }),
    metrics:
      config.PROMETHEUS_URL === undefined
        ? { query: unset('prometheus', 'PROMETHEUS_URL'), queryRange: unset('prometheus', 'PROMETHEUS_URL') }
        : createPrometheus({ url: config.PROMETHEUS_URL, log }),
  };
}

/** The live ports and the rest of a responder's options, from the settings. Throws a UsageError that names what is missing. */
export async function liveResponder(config: Config, log: Log, databaseUrl: string): Promise<Live> {
  const { options: core, chat, close } = await liveCore(config, log, databaseUrl, 'all');
  const options: ResponderOptions = {
    ...core,
    webhookToken: required(config, 'WEBHOOK_TOKEN'),
    listenAddress: config.LISTEN_ADDR,
    consoleAddress: config.CONSOLE_ADDR,
    ...(config.CONSOLE_PUBLIC_URL === undefined ? {} : { consolePublicUrl: config.CONSOLE_PUBLIC_URL }),
    auth: tokenAuth(required(config, 'CONSOLE_TOKENS')),
    people: peopleFrom(config),
    ...(chat === undefined ? {} : { chat }),
    async chart(view) {
      const picture = await signalPicture({
        view,
        nowMs: core.clock.now(),
        signal: (query, range) => core.metrics.queryRange(query, range),
      });
      return picture && { name: 'signal.png', ...picture };
    },
  };
  return { options, close };
}

function unset(peer: string, setting: string): () => Promise<never> {
  return async () => {
    throw new PortError(peer, 'unsupported', `${setting} is not set`);
  };
}

/** Who may do what, from PEOPLE_FILE; nobody without one. Throws a UsageError when it cannot be read. */
export function peopleFrom({ PEOPLE_FILE: path }: Config): People {
  if (path === undefined) return [];
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`PEOPLE_FILE: ${errorText(error)}`);
  }
  return parsePeople(text);
}

/** Slack by a bot's token, else by an incoming webhook; undefined without either. */
export function chatFrom(config: Config, log: Log): ResponderOptions['chat'] {
  const port: Chat | undefined =
    config.SLACK_BOT_TOKEN !== undefined
      ? createSlackChat({ token: config.SLACK_BOT_TOKEN, apiUrl: config.SLACK_API_URL, log })
      : config.SLACK_WEBHOOK_URL !== undefined
        ? createWebhookChat({ url: config.SLACK_WEBHOOK_URL })
        : undefined;
  if (port === undefined) return undefined;
  return {
    port,
    channel: config.SLACK_CHANNEL,
    ...(config.SLACK_SIGNING_SECRET === undefined ? {} : { signingSecret: config.SLACK_SIGNING_SECRET }),
  };
}

/** The address of the product and of its API, unless PUBLIC_URLS says otherwise; the hosts' notice by what is set. */
function outsideFrom(config: Config): Outside {
  const environment = Object.values(environments).find(({ name }) => name === config.GOMEET_ENVIRONMENT);
  const { app, api } = hosts((environment ?? environments.production).settings);
  const to = config.HOST_NOTICE_EMAILS?.split(',') ?? [];
  return createOutside({
    urls: config.PUBLIC_URLS?.split(',') ?? [`https://${app}/`, `https://${api}/`],
    webhookUrl: config.HOST_NOTICE_WEBHOOK_URL,
    mail:
      config.SMTP_URL === undefined || to.length === 0
        ? undefined
        : { mailer: createSmtpMailer({ url: config.SMTP_URL, from: config.SMTP_FROM }), to },
  });
}

function notifiersFrom(config: Config, chat: ResponderOptions['chat'], clock: Clock): Notifier[] {
  return [
    ...(chat === undefined
      ? []
      : [createSlackPager({ chat: chat.port, channel: chat.channel, mention: undefined, clock })]),
    ...(config.PAGER_WEBHOOK_URL === undefined ? [] : [createWebhookPager({ url: config.PAGER_WEBHOOK_URL })]),
  ];
}

/** Without a token nothing is known of pools and money, so that every act that costs money is refused for want of data. */
export async function cloudFrom(config: Config): Promise<Cloud> {
  if (config.DIGITALOCEAN_TOKEN === undefined) {
    const missing = async (): Promise<never> => {
      throw new PortError('digitalocean', 'unauthorized', 'DIGITALOCEAN_TOKEN is not set');
    };
    return {
      read: missing,
      volumes: missing,
      volumeSnapshots: missing,
      snapshotVolume: missing,
      deleteVolume: missing,
      setPoolFloor: missing,
      autoscalePool: missing,
    };
  }
  const { createDigitalOcean } = await import('./adapters/digitalocean/account.ts');
  return await createDigitalOcean({ token: config.DIGITALOCEAN_TOKEN, url: config.DIGITALOCEAN_API_URL });
}
