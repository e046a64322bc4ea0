import type { ActionName } from '../../alerts/vocabulary.ts';
import { managedDatabase, memoryDatabases } from '../../lab/fakes/memory-databases.ts';
import { memoryEdge } from '../../lab/fakes/memory-edge.ts';
import { type MemoryObjects, memoryObjects } from '../../lab/fakes/memory-objects.ts';
import { memoryVolumes } from '../../lab/fakes/memory-volumes.ts';
import { renderEnvironment } from '../../manifests/render.ts';
import { productionSettings } from '../../manifests/settings.ts';
import type { Action, ActPorts } from '../../responders/act/define.ts';
import { actions } from '../../responders/act/index.ts';
import { declaredPlatform } from '../../responders/declared.ts';
import type { KubeObject, Metrics } from '../../responders/ports.ts';
import { actRig } from './act-ports.ts';
import { clusterOverObjects, deploymentObject } from './cluster-over-objects.ts';
import { type Played, playProcedure } from './play-procedure.ts';
import { nowMs, pastRun } from './situation.ts';

const declared = declaredPlatform();
const workload = 'chat-service';
const volume = { id: 'v', name: 'v', sizeGib: 1, droplets: [] };

/** What a procedure is asked, and what else stands beside the two services. */
export interface Scenario {
  readonly params: object;
  readonly beside?: readonly KubeObject[];
  /** Played to its end beforehand. */
  readonly after?: { readonly action: Action; readonly params: object };
  readonly verdict?: Played['verdict'];
  /** Share of errors that Prometheus has of the new version; without it Prometheus has nothing. */
  readonly freshErrorRatio?: number;
  /** Said at the end. */
  readonly saw?: RegExp;
}

const secret: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'gomeet-secrets' },
  data: { JWT_SECRET: Buffer.from('old').toString('base64') },
};
const balancer: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'traefik' },
  spec: { type: 'LoadBalancer' },
  status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } },
};
const nightly: KubeObject = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'backup', uid: 'nightly' },
  spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: 'backup', image: 'r/sre:v1' }] } } } } },
};
/** What Kubernetes makes of the Job once it runs. */
const ended: KubeObject = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: `backup-run-${pastRun({}).id}` },
  status: { conditions: [{ type: 'Complete', status: 'True' }] },
};
const policies: readonly KubeObject[] = JSON.parse(
  JSON.stringify(
    renderEnvironment('production')
      .flatMap(({ objects }) => objects)
      .filter(({ kind, metadata }) => kind === 'NetworkPolicy' && ['chat-service', 'traefik'].includes(metadata.name)),
  ),
);
const service = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 8080 }] },
});
const revision = (number: number, image: string, replicas = 0): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name: `${workload}-${number}`,
    labels: { app: workload },
    annotations: { 'deployment.kubernetes.io/revision': String(number) },
    creationTimestamp: new Date(nowMs - 86_400_000 + number).toISOString(),
    ...{ ownerReferences: [{ kind: 'Deployment', name: workload, controller: true }] },
  },
  spec: {
    replicas,
    template: {
      metadata: { labels: { app: workload, 'pod-template-hash': `h${number}` } },
      spec: { containers: [{ name: workload, image }] },
    },
  },
});

/** What a rollout beside the running version meets: a Service, a route to it, and the ReplicaSet that has the pods. */
const routed: readonly KubeObject[] = [
  revision(1, 'r/chat:v1', 3),
  {
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'IngressRoute',
    metadata: { name: workload },
    spec: {
      routes: [{ kind: 'Rule', match: 'Host(`chat`)', services: [{ name: workload, kind: 'Service', port: 8080 }] }],
    },
  },
];
const beside = (strategy: 'canary' | 'blue-green', freshErrorRatio?: number): Scenario => ({
  params: { workload, image: 'v2', strategy, soak: '5s' },
  beside: routed,
  verdict: freshErrorRatio === 0 ? 'verified' : 'not-improved',
  ...(freshErrorRatio === undefined ? {} : { freshErrorRatio }),
});

// One for each action there is: a procedure that is new does not compile without, and what has one step says so.
export const scenarios: { readonly [Name in ActionName]: Scenario | readonly Scenario[] | 'one step' } = {
  scaleSfu: 'one step',
  drainSfu: 'one step',
  restartWorkload: 'one step',
  restartAll: { params: { workloads: [workload, 'auth-service'] } },
  rollOut: [
    { params: { workload, image: 'v2', strategy: 'rolling' } },
    beside('canary', 0),
    { ...beside('canary', 0.5), saw: /more errors/ },
    { ...beside('canary'), saw: /no figures/ },
    beside('blue-green', 0),
    { ...beside('blue-green'), saw: /no figures/ },
  ],
  rollBack: { params: { workload }, beside: [revision(1, 'r/chat:v0'), revision(2, 'r/chat:v1')] },
  recreate: { params: { workload, image: 'v2' } },
  scaleWorkload: 'one step',
  lapseScale: 'one step',
  troubleshoot: { params: { workload } },
  setResources: { params: { workload, memory: 'x1.5' } },
  deletePod: 'one step',
  forceDeletePod: 'one step',
  editConfig: {
    params: { configMap: 'chat-config', key: 'a', value: '2' },
    beside: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'chat-config' }, data: { a: '1' } }],
  },
  repairDns: { params: {}, beside: [balancer] },
  repairFirewall: { params: {} },
  createAutoscaler: { params: { workload: 'auth-service' } },
  autoscalePool: 'one step',
  runRoutine: { params: { routine: 'morning' }, beside: [balancer] },
  checkHealth: { params: {}, beside: [balancer] },
  runBackup: { params: {}, beside: [nightly, ended] },
  rotateSecrets: { params: { keys: ['JWT_SECRET'] }, beside: [secret] },
  lockDown: { params: { workloads: [workload, 'traefik'] }, beside: policies },
  liftLockdown: {
    params: { workloads: [workload, 'traefik'] },
    beside: [...policies, balancer],
    after: { action: actions.lockDown, params: { workloads: [workload, 'traefik'] } },
  },
  promoteReplica: { params: { database: 'gomeet-db', replica: 'replica-a' } },
  restoreManaged: { params: { database: 'gomeet-db', as: 'gomeet-db-2' } },
  restoreOverProduction: { params: { backup: 'b', components: ['postgresql'] }, beside: [balancer] },
  respondToOutage: [
    { params: { band: 'immediate' }, beside: [balancer] },
    { params: { band: 'investigate' }, beside: [balancer, revision(1, 'r/chat:v0'), revision(2, 'r/chat:v1')] },
  ],
  deleteVolume: { params: { volume: 'v' } },
  raiseNodePool: 'one step',
  silenceAlert: 'one step',
  openIncident: 'one step',
  escalate: 'one step',
};

/** Everything that an act could change, and how often each thing was done that counts every time. */
export async function stage({ beside = [], after, freshErrorRatio }: Scenario) {
  const objects = memoryObjects([
    deploymentObject(workload, 'r/chat:v1'),
    deploymentObject('auth-service', 'r/auth:v1'),
    service(workload),
    ...beside,
  ]);
  const databases = memoryDatabases([managedDatabase({ name: 'gomeet-db' })], {
    backupsAtMs: [nowMs - 86_400_000],
    replicas: ['replica-a'],
  });
  const edge = memoryEdge({ domain: productionSettings.domain, firewall: 'gomeet-cluster-media' });
  const volumes = memoryVolumes([volume]);
  const restored: string[] = [];
  const backups = {
    find: async (id: string) => ({ id, components: ['postgresql'] }),
    look: async () => ({ finished: [] }),
    async restoreOver({ id, component, stamp }: { id: string; component: string; stamp: string }) {
      if (!restored.includes(stamp)) restored.push(stamp);
      return { ok: true, says: `${component} of ${id}` };
    },
  };
  const rig = actRig({ objects, databases, edge, volumes, backups });
  const live = clusterOverObjects(objects);
  const ports = {
    ...rig.ports,
    cluster: live,
    metrics: freshErrorRatio === undefined ? rig.ports.metrics : gateway(freshErrorRatio),
  };
  const cluster = { value: await live.read(), observedAtMs: nowMs };
  const cloud = { value: { ...rig.cloud, volumes: [volume] }, observedAtMs: nowMs };
  const fleet = { value: rig.fleet, observedAtMs: nowMs };
  const options = { world: { cluster, cloud, fleet }, declared };
  if (after !== undefined) await playProcedure(after.action, after.params, ports, options);
  return {
    ports,
    play: (action: Action, params: object, killAt?: number, by: ActPorts = ports) =>
      playProcedure(action, params, by, { ...options, ...(killAt === undefined ? {} : { killAt }) }),
    stands: async () => ({
      objects: standing(objects),
      records: await edge.records(productionSettings.domain),
      firewalls: await edge.firewalls(),
      volumes: await volumes.volumes(),
    }),
    counts: () => [
      // Declaring and calling people may be asked twice, and the store counts it once.
      ...new Set(rig.effects),
      ...[...live.restarts].map((restart) => restart.split(' ')[0]),
      ...databases.writes,
      ...edge.writes,
      ...volumes.writes,
      ...restored,
      ...objects.writes.filter((write) => write.startsWith('remove')),
    ],
  };
}

/** A Prometheus that has a thousand requests of each version, and of the new one these errors. */
function gateway(freshErrorRatio: number): Metrics {
  const value = (expr: string) => {
    if (expr.includes('histogram_quantile')) return 0.1;
    if (!expr.includes('code=~')) return 1_000;
    return expr.includes('-canary-') ? 1_000 * freshErrorRatio : 0;
  };
  return { query: async (expr) => [{ labels: {}, value: value(expr) }], queryRange: async () => [] };
}

/** The objects without what differs from one run to the next: versions, moments, random values. */
function standing(objects: MemoryObjects): unknown {
  const text = JSON.stringify(
    objects.all().map(({ metadata: { resourceVersion: _version, uid: _uid, ...metadata }, ...rest }) => ({
      ...rest,
      metadata,
    })),
  );
  return JSON.parse(
    text
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'T')
      .replace(/("JWT_SECRET":")[^"]+/g, (_all, key: string) => `${key}new`),
  );
}
