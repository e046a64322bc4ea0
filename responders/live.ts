import { readFileSync } from 'node:fs';
import { alerts } from '../alerts/index.ts';
import { createLiveKitSource } from '../exporters/livekit/source.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { type Config, required } from '../kernel/config.ts';
import { errorText, PortError, UsageError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { usd } from '../kernel/money.ts';
import { createAlertmanager } from './adapters/alertmanager.ts';
import { createWebhookChat } from './adapters/chat-webhook.ts';
import { createKubernetesCluster } from './adapters/kubernetes.ts';
import { createLiveKitFleet } from './adapters/livekit.ts';
import { createSlackPager, createWebhookPager } from './adapters/pager.ts';
import { createPrometheus } from './adapters/prometheus.ts';
import { createSlackChat } from './adapters/slack.ts';
import { tokenAuth } from './console/auth.ts';
import { signalPicture } from './console/signal.ts';
import { declaredPlatform } from './declared.ts';
import { type People, parsePeople } from './interact/permissions.ts';
import type { ResponderOptions } from './main.ts';
import type { Chat, Cloud, Notifier } from './ports.ts';

/** A responder's options, and what to close after it. */
export interface Live {
  readonly options: ResponderOptions;
  close(): Promise<void>;
}

/** The live ports and the rest of a responder's options, from the settings. Throws a UsageError that names what is missing. */
export async function liveResponder(config: Config, log: Log, databaseUrl: string): Promise<Live> {
  const clock = systemClock;
  const metrics = createPrometheus({ url: required(config, 'PROMETHEUS_URL'), log });
  const cluster = createKubernetesCluster({ kubeconfig: config.KUBECONFIG, namespace: config.KUBE_NAMESPACE });
  const source = createLiveKitSource({
    url: required(config, 'LIVEKIT_URL'),
    apiKey: required(config, 'LIVEKIT_API_KEY'),
    apiSecret: required(config, 'LIVEKIT_API_SECRET'),
    redisUrl: config.REDIS_URL,
  });
  const fleet = createLiveKitFleet({ source, metrics, pods: async () => (await cluster.read()).pods, clock });
  const chat = chatFrom(config, log);
  const options: ResponderOptions = {
    databaseUrl,
    webhookToken: required(config, 'WEBHOOK_TOKEN'),
    listenAddress: config.LISTEN_ADDR,
    consoleAddress: config.CONSOLE_ADDR,
    ...(config.CONSOLE_PUBLIC_URL === undefined ? {} : { consolePublicUrl: config.CONSOLE_PUBLIC_URL }),
    auth: tokenAuth(required(config, 'CONSOLE_TOKENS')),
    people: peopleFrom(config),
    ports: {
      cluster,
      fleet,
      alertmanager: createAlertmanager({ url: required(config, 'ALERTMANAGER_URL'), clock }),
      cloud: await cloudFrom(config),
    },
    metrics,
    notifiers: notifiersFrom(config, chat, clock),
    ...(chat === undefined ? {} : { chat }),
    async chart(view) {
      const picture = await signalPicture({
        view,
        nowMs: clock.now(),
        signal: (query, range) => metrics.queryRange(query, range),
      });
      return picture && { name: 'signal.png', ...picture };
    },
    alerts,
    declared: declaredPlatform(),
    budget: usd(Number(config.MONTHLY_BUDGET_USD)),
    clock,
    log,
  };
  return { options, close: () => source.close() };
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
    return { read: missing, setPoolFloor: missing };
  }
  const { createDigitalOcean } = await import('./adapters/digitalocean.ts');
  return await createDigitalOcean({ token: config.DIGITALOCEAN_TOKEN, url: config.DIGITALOCEAN_API_URL });
}
