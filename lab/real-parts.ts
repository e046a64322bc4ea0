import type { Config } from '../kernel/config.ts';
import { errorText } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { createKubernetesCluster } from '../responders/adapters/kubernetes/cluster.ts';
import { createSlackSocket } from '../responders/adapters/slack/socket.ts';
import { chatFrom, cloudFrom, peopleFrom } from '../responders/live.ts';
import type { Responder, ResponderOptions } from '../responders/main.ts';

/** Settings by which a part of the lab becomes the real one. What acts on these two is asked for first. */
export const actingParts = ['KUBECONFIG', 'DIGITALOCEAN_TOKEN'] as const;

/** Real peers in the place of simulated ones. */
export interface RealParts {
  /** What is real, in words; empty when nothing is. */
  readonly words: readonly string[];
  adjust(options: ResponderOptions): ResponderOptions;
  /** Takes clicks over Socket Mode, where there is a token for it; returns how to end that. */
  connect(responder: Responder): Promise<() => Promise<void>>;
}

/** The parts whose settings are set: Slack always, cluster and DigitalOcean where `mayAct` agrees, since a drill would act on them. */
export async function realParts(
  config: Config,
  options: { log: Log; mayAct: (setting: (typeof actingParts)[number]) => boolean },
): Promise<RealParts> {
  const { log, mayAct } = options;
  const chat = config.SLACK_BOT_TOKEN === undefined ? undefined : chatFrom(config, log);
  const withCluster = config.KUBECONFIG !== undefined && mayAct('KUBECONFIG');
  const withCloud = config.DIGITALOCEAN_TOKEN !== undefined && mayAct('DIGITALOCEAN_TOKEN');
  const ports = {
    ...(withCluster
      ? { cluster: createKubernetesCluster({ kubeconfig: config.KUBECONFIG, namespace: config.KUBE_NAMESPACE }) }
      : {}),
    ...(withCloud ? { cloud: await cloudFrom(config) } : {}),
  };
  return {
    words: [
      ...(chat === undefined ? [] : [`Slack is the real one: threads go to ${chat.channel}.`]),
      ...(withCluster
        ? [`Kubernetes is the real one, namespace ${config.KUBE_NAMESPACE}: what is decided is done there.`]
        : []),
      ...(withCloud ? ['DigitalOcean is the real one: what is decided is done there, and costs money.'] : []),
    ],
    adjust: (wiring) => ({
      ...wiring,
      people: [...wiring.people, ...peopleFrom(config)],
      ports: { ...wiring.ports, ...ports },
      ...(chat === undefined ? {} : { chat, log }),
    }),
    async connect(responder) {
      const { SLACK_APP_TOKEN: appToken, SLACK_API_URL: apiUrl } = config;
      if (chat === undefined || appToken === undefined) return async () => {};
      const socket = createSlackSocket({ ...responder.clicks, appToken, apiUrl });
      // Clicks are welcome, and the demo goes on without them.
      void socket.start().catch((error) => log.warn({ error: errorText(error) }, 'Slack takes no clicks'));
      return () => socket.stop();
    },
  };
}

/** A log that tells people each trouble once, in a line. */
export function troubleLog(print: (line: string) => void): Log {
  const told = new Set<string>();
  const tell = (fields: object, message: string) => {
    const { error } = { error: undefined, ...fields };
    const line = error === undefined ? message : `${message}: ${error}`;
    if (told.has(line)) return;
    told.add(line);
    print(line);
  };
  return { info() {}, warn: tell, error: tell };
}
