import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import { createReadRetry, type ReadRetry } from '../../kernel/retry.ts';
import { createKubernetesClient, loadKubeConfig } from '../../responders/adapters/kubernetes/client.ts';
import { readEvidence } from '../../responders/adapters/kubernetes/evidence.ts';
import { type KubeObject, type Ref, refOf } from '../kube/object.ts';
import type { Kube } from '../kube/port.ts';
import { createDiscovery } from './kubernetes-discovery.ts';
import { createWire, type WireCall } from './kubernetes-request.ts';

/** How to reach the API server; time-out for one request in milliseconds, 20 s unless said. */
export interface KubeOptions {
  readonly kubeconfig?: string | undefined;
  readonly namespace: string;
  readonly timeoutMs?: number;
  readonly retry?: ReadRetry;
}

const peer = 'kubernetes';
const pageSize = '250';

/** A whole object of any kind; only what makes it one is checked. */
const Whole = z.custom<KubeObject>(
  (value) => z.object({ metadata: z.object({ name: z.string() }) }).safeParse(value).success,
);
const List = z.object({
  items: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })),
  metadata: z.object({ continue: z.string().optional() }).optional(),
});

/** The live Kube port. */
export function createKube(options: KubeOptions): Kube {
  const { kubeconfig, namespace, timeoutMs = 20_000 } = options;
  const config = loadKubeConfig(kubeconfig);
  const send = createWire(config, timeoutMs);
  const retried = createReadRetry(options.retry);
  const read = (call: WireCall) => retried(() => send(call));
  const { find, pathOf } = createDiscovery(read);
  const client = createKubernetesClient({ kubeconfig, namespace });

  async function pathTo(ref: Ref): Promise<string> {
    const path = await pathOf(ref, ref.name);
    if (path === undefined) throw new PortError(peer, 'not-found', `nobody serves ${ref.kind} of ${ref.apiVersion}`);
    return path;
  }
  async function write(call: WireCall): Promise<KubeObject> {
    return Whole.parse(await send(call));
  }

  return {
    where: {
      context: config.getCurrentContext(),
      cluster: config.getCurrentCluster()?.name ?? '',
      server: config.getCurrentCluster()?.server ?? '',
    },
    async get(ref) {
      const path = await pathOf(ref, ref.name);
      if (path === undefined) return undefined;
      return await orGone(async () => Whole.parse(await read({ method: 'GET', path })));
    },
    async list(kind, labelSelector) {
      const path = await pathOf(kind);
      if (path === undefined) return [];
      const found: KubeObject[] = [];
      let next = '';
      do {
        const query = {
          limit: pageSize,
          ...(labelSelector === undefined ? {} : { labelSelector }),
          ...(next === '' ? {} : { continue: next }),
        };
        const page = List.parse(await read({ method: 'GET', path, query }));
        // Items of a list do not say what they are.
        found.push(...page.items.map((item) => ({ ...item, apiVersion: kind.apiVersion, kind: kind.kind })));
        next = page.metadata?.continue ?? '';
      } while (next !== '');
      return found;
    },
    async serves(kind) {
      return (await find(kind)) !== undefined;
    },
    async apply(object, { manager, force, dryRun = false }) {
      return await write({
        method: 'PATCH',
        path: await pathTo(refOf(object)),
        query: { fieldManager: manager, force: String(force), ...(dryRun ? { dryRun: 'All' } : {}) },
        body: object,
        contentType: 'application/apply-patch+yaml',
      });
    },
    async create(object) {
      const path = await pathTo(refOf(object));
      return await write({ method: 'POST', path: path.slice(0, path.lastIndexOf('/')), body: object });
    },
    async replace(object) {
      return await write({ method: 'PUT', path: await pathTo(refOf(object)), body: object });
    },
    async setField(ref, path, value, resourceVersion) {
      await send({
        method: 'PATCH',
        path: await pathTo(ref),
        query: { fieldManager: 'gomeet-rollback' },
        body: [
          { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
          { op: 'replace', path, value },
        ],
        contentType: 'application/json-patch+json',
      });
    },
    async remove(ref, uid) {
      const path = await pathTo(ref);
      await orGone(() =>
        send({ method: 'DELETE', path, body: { propagationPolicy: 'Background', preconditions: { uid } } }),
      );
    },
    async trouble(workload) {
      const { events, logLines } = await readEvidence(client, workload);
      return {
        events: events.slice(0, 5).map(({ object, reason, message }) => `${object}: ${reason}: ${message}`),
        logLines: logLines.slice(-10),
      };
    },
  };
}

async function orGone<T>(answer: () => Promise<T>): Promise<T | undefined> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof PortError && error.code === 'not-found') return undefined;
    throw error;
  }
}
