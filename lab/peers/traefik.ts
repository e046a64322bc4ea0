import { freeTcpPort } from './ports.ts';
import { endPeer, type Peer, startPeer, untilReady } from './process.ts';

/** How Traefik is started. */
export interface TraefikOptions {
  /** Its static configuration as its Deployment has it: `traefikArgs` of the manifests. Only the addresses of its entry points become free ports of loopback. */
  readonly args: readonly string[];
  /** Path of the kubeconfig of its service account. */
  readonly kubeconfig: string;
  /** URL of what stands in for the network of pods: Traefik sends there what goes to a pod's address. */
  readonly podNetwork: string;
}

/** A real Traefik on loopback. */
export interface TraefikPeer extends Peer {
  /** The port of an entry point; throws for one that the configuration lacks. */
  port(entryPoint: string): number;
  /** What its access log says so far, a request each. */
  accessLog(): readonly Readonly<Record<string, unknown>>[];
  stop(): Promise<void>;
}

const addressArg = /^--entrypoints\.(\w+)\.address=:\d+$/;

/** Starts Traefik and waits until /ping answers. */
export async function startTraefik({ args, kubeconfig, podNetwork }: TraefikOptions): Promise<TraefikPeer> {
  const ports = new Map<string, number>();
  for (const arg of args) {
    const name = addressArg.exec(arg)?.[1];
    if (name !== undefined) ports.set(name, await freeTcpPort());
  }
  const port = (entryPoint: string) => {
    const found = ports.get(entryPoint);
    if (found === undefined) throw new Error(`Traefik has no entry point ${entryPoint}`);
    return found;
  };
  const here = args.map((arg) =>
    arg.replace(addressArg, (_, name: string) => `--entrypoints.${name}.address=127.0.0.1:${port(name)}`),
  );
  // In a pod it finds the API server by other variables. Go's client never sends what is for loopback by a proxy.
  const peer = startPeer('traefik', here, { KUBECONFIG: kubeconfig, HTTP_PROXY: podNetwork, NO_PROXY: '' });
  await untilReady(peer, 'traefik', async () => (await fetch(`http://127.0.0.1:${port('ping')}/ping`)).ok);
  return {
    ...peer,
    port,
    accessLog: () => peer.output().split('\n').flatMap(accessEntry),
    async stop() {
      // It would let requests in for ten more seconds, as behind a load balancer.
      await endPeer(peer, []);
    },
  };
}

function accessEntry(line: string): readonly Readonly<Record<string, unknown>>[] {
  if (!line.startsWith('{') || !line.includes('"RequestMethod"')) return [];
  return [JSON.parse(line)];
}
