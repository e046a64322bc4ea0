import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';

/** A change that the API server accepted: replicas or the restart annotation of a Deployment became something else. */
export interface Effect {
  readonly atMs: number;
  readonly deployment: string;
  readonly kind: 'scale' | 'restart';
  readonly value: number | string;
  readonly runId: string | undefined;
}

/** A Kubernetes API over HTTP that keeps count, for tests that kill whoever talks to it. Its controllers work at once, unless told to stand still. */
export interface FakeKubernetes {
  readonly url: string;
  /** Path of requests so far, `PATCH /apis/…`. */
  readonly requests: readonly string[];
  /** Every change that was accepted, oldest first. */
  readonly effects: readonly Effect[];
  replicas(deployment: string): number;
  /** Names of its pods, those that are told to stop included. */
  pods(deployment: string): readonly string[];
  /** While they stand still, new pods are not ready and pods that are told to stop stay. */
  setControllers(state: 'working' | 'still'): void;
  /** Its pods stop being ready, and the controllers stand still. */
  setNotReady(deployment: string): void;
  /** Runs before a request is answered; what it awaits holds the answer up. */
  onRequest: ((request: { method: string; path: string }) => Promise<void>) | undefined;
  /** Rooms of an SFU pod, for the fleet that GET /fleet tells. */
  setRooms(pod: string, rooms: number): void;
  stop(): Promise<void>;
}

interface Pod {
  readonly name: string;
  ready: boolean;
  deletedAt: string | undefined;
  annotations: Record<string, string>;
  rooms: number;
}

interface Deployment {
  readonly name: string;
  replicas: number;
  generation: number;
  annotations: Record<string, string>;
  templateAnnotations: Record<string, string>;
  pods: Pod[];
}

const Annotations = z.record(z.string(), z.string().nullable());
const Patch = z.object({
  metadata: z.object({ resourceVersion: z.string().optional(), annotations: Annotations.optional() }).optional(),
  spec: z
    .object({
      replicas: z.number().int().optional(),
      template: z.object({ metadata: z.object({ annotations: Annotations }) }).optional(),
    })
    .optional(),
});

const restartedAt = 'kubectl.kubernetes.io/restartedAt';
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
const runId = 'gomeet.dev/run-id';

/** Starts it on a free loopback port with these Deployments and their replicas. */
export async function startFakeKubernetes(start: Readonly<Record<string, number>>): Promise<FakeKubernetes> {
  const requests: string[] = [];
  const effects: Effect[] = [];
  let version = 1;
  let serial = 0;
  let controllers: 'working' | 'still' = 'working';
  const deployments = new Map<string, Deployment & { version: number }>();
  for (const [name, replicas] of Object.entries(start)) {
    const deployment = { name, replicas, generation: 1, annotations: {}, templateAnnotations: {}, pods: [], version };
    deployments.set(name, deployment);
    settle(deployment, true);
  }

  /** What the Deployment, ReplicaSet and kubelet would do. */
  function settle(deployment: Deployment, working = controllers === 'working'): void {
    if (working) {
      deployment.pods = deployment.pods.filter(({ deletedAt }) => deletedAt === undefined);
      for (const pod of deployment.pods) pod.ready = true;
    }
    const alive = () => deployment.pods.filter(({ deletedAt }) => deletedAt === undefined);
    while (alive().length < deployment.replicas) {
      serial += 1;
      deployment.pods.push({
        name: `${deployment.name}-6d4b75cb6d-p${serial}`,
        ready: working,
        deletedAt: undefined,
        annotations: {},
        rooms: 0,
      });
    }
    while (alive().length > deployment.replicas) {
      const victim = alive().sort((a, b) => cost(a) - cost(b))[0];
      if (victim !== undefined) victim.deletedAt = new Date().toISOString();
    }
    if (working) deployment.pods = alive();
  }

  function patchDeployment(deployment: Deployment & { version: number }, body: unknown): [number, object] {
    const patch = Patch.parse(body);
    const wanted = patch.metadata?.resourceVersion;
    if (wanted !== undefined && wanted !== String(deployment.version))
      return [409, status(409, 'the object has been modified')];
    const replicas = patch.spec?.replicas;
    const restart = patch.spec?.template?.metadata.annotations[restartedAt] ?? undefined;
    Object.assign(deployment.annotations, patch.metadata?.annotations);
    const by = deployment.annotations[runId];
    const base = { atMs: Date.now(), deployment: deployment.name, runId: by };
    if (replicas !== undefined && replicas !== deployment.replicas) {
      effects.push({ ...base, kind: 'scale', value: replicas });
      deployment.replicas = replicas;
      deployment.generation += 1;
    }
    if (restart !== undefined && restart !== deployment.templateAnnotations[restartedAt]) {
      effects.push({ ...base, kind: 'restart', value: restart });
      deployment.templateAnnotations[restartedAt] = restart;
      deployment.generation += 1;
    }
    version += 1;
    deployment.version = version;
    settle(deployment);
    return [200, showDeployment(deployment)];
  }

  function answer(method: string, path: string, body: unknown): [number, object] {
    const all = [...deployments.values()];
    const at = (kind: string) => new RegExp(`/${kind}(?:/([^/]+))?$`).exec(path);
    if (path === '/fleet') return [200, fleetOf(deployments.get('livekit-sfu'))];
    const deployment = at('deployments');
    if (deployment !== null && path.startsWith('/apis/apps/v1/')) {
      if (deployment[1] === undefined) return [200, list(all.map(showDeployment))];
      const found = deployments.get(deployment[1]);
      if (found === undefined) return [404, status(404, `deployments.apps "${deployment[1]}" not found`)];
      return method === 'PATCH' ? patchDeployment(found, body) : [200, showDeployment(found)];
    }
    const pod = at('pods');
    if (pod !== null) {
      if (pod[1] === undefined)
        return [200, list(all.flatMap((one) => one.pods.map((each) => showPod(one.name, each))))];
      const found = all.flatMap((one) => one.pods).find(({ name }) => name === pod[1]);
      if (found === undefined) return [404, status(404, `pods "${pod[1]}" not found`)];
      for (const [name, value] of Object.entries(Patch.parse(body).metadata?.annotations ?? {})) {
        if (value === null) delete found.annotations[name];
        else found.annotations[name] = value;
      }
      return [200, { apiVersion: 'v1', kind: 'Pod', metadata: { name: found.name } }];
    }
    if (/\/(nodes|horizontalpodautoscalers|events|replicasets)$/.test(path)) return [200, list([])];
    return [404, status(404, 'the server could not find the requested resource')];
  }

  const fake: FakeKubernetes = {
    url: '',
    requests,
    effects,
    replicas: (name) => deployments.get(name)?.replicas ?? Number.NaN,
    pods: (name) => deployments.get(name)?.pods.map((pod) => pod.name) ?? [],
    setControllers(state) {
      controllers = state;
      for (const deployment of deployments.values()) settle(deployment);
    },
    setNotReady(name) {
      controllers = 'still';
      for (const pod of deployments.get(name)?.pods ?? []) pod.ready = false;
    },
    onRequest: undefined,
    setRooms(name, rooms) {
      for (const { pods } of deployments.values()) for (const pod of pods) if (pod.name === name) pod.rooms = rooms;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const method = incoming.method ?? 'GET';
    const path = (incoming.url ?? '/').replace(/\?.*$/, '');
    requests.push(`${method} ${path}`);
    await fake.onRequest?.({ method, path });
    const text = Buffer.concat(chunks).toString('utf8');
    const [code, body] = answer(method, path, text === '' ? undefined : JSON.parse(text));
    outgoing.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return Object.assign(fake, {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
  });
}

function cost(pod: Pod): number {
  return Number(pod.annotations[deletionCost] ?? 0);
}

function list(items: readonly object[]): object {
  return { kind: 'List', apiVersion: 'v1', metadata: {}, items };
}

function status(code: number, message: string): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code };
}

function showDeployment(deployment: Deployment & { version: number }): object {
  const { name, replicas, generation, annotations, templateAnnotations, pods } = deployment;
  const ready = pods.filter((pod) => pod.ready && pod.deletedAt === undefined).length;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, generation, annotations, resourceVersion: String(deployment.version) },
    spec: { replicas, selector: {}, template: { metadata: { annotations: templateAnnotations } } },
    status: { observedGeneration: generation, replicas: pods.length, readyReplicas: ready, updatedReplicas: ready },
  };
}

function showPod(deployment: string, pod: Pod): object {
  const owner = `${deployment}-6d4b75cb6d`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: pod.name,
      // Old enough not to count as one that still boots.
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(pod.deletedAt === undefined ? {} : { deletionTimestamp: pod.deletedAt }),
      annotations: pod.annotations,
      labels: { app: deployment, 'pod-template-hash': '6d4b75cb6d' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: 'u', controller: true }],
    },
    spec: { containers: [] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: pod.ready ? 'True' : 'False' }] },
  };
}

/** The fleet as the responder's port has it: a node for each SFU pod that is ready. */
function fleetOf(sfu: Deployment | undefined): object {
  const nodes = (sfu?.pods ?? [])
    .filter(({ ready }) => ready)
    .map((pod) => ({
      nodeId: `ND_${pod.name}`,
      pod: pod.name,
      state: pod.deletedAt === undefined ? 'serving' : 'draining',
      cpuLoadRatio: 0.1,
      rooms: pod.rooms,
      participants: pod.rooms * 10,
      freeSlots: 2,
      emptyReadings: pod.rooms === 0 ? 5 : 0,
    }));
  return { nodes, rooms: [], sources: ['redis', 'roomService'] };
}
