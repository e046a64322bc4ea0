import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ActionName } from '../../../alerts/vocabulary.ts';
import { managedDatabase, memoryDatabases } from '../../../lab/fakes/memory-databases.ts';
import { memoryEdge } from '../../../lab/fakes/memory-edge.ts';
import { type MemoryObjects, memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import { memoryVolumes } from '../../../lab/fakes/memory-volumes.ts';
import { renderEnvironment } from '../../../manifests/render.ts';
import { productionSettings } from '../../../manifests/settings.ts';
import type { Action } from '../../../responders/act/define.ts';
import { actions } from '../../../responders/act/index.ts';
import { declaredPlatform } from '../../../responders/declared.ts';
import type { KubeObject } from '../../../responders/ports.ts';
import { actRig } from '../../support/act-ports.ts';
import { clusterOverObjects, deploymentObject } from '../../support/cluster-over-objects.ts';
import { type Played, playProcedure } from '../../support/play-procedure.ts';
import { nowMs, pastRun } from '../../support/situation.ts';

const declared = declaredPlatform();
const workload = 'chat-service';
const volume = { id: 'v', name: 'v', sizeGib: 1, droplets: [] };

/** What a procedure is asked, and what else stands beside the two services. */
interface Scenario {
  readonly params: object;
  readonly beside?: readonly KubeObject[];
  /** Played to its end beforehand. */
  readonly after?: { readonly action: Action; readonly params: object };
  readonly verdict?: Played['verdict'];
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
const revision = (number: number, image: string): KubeObject => ({
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
    template: {
      metadata: { labels: { app: workload, 'pod-template-hash': `h${number}` } },
      spec: { containers: [{ name: workload, image }] },
    },
  },
});

// One for each action there is: a procedure that is new does not compile without, and what has one step says so.
const scenarios: { readonly [Name in ActionName]: Scenario | 'one step' } = {
  scaleSfu: 'one step',
  drainSfu: 'one step',
  restartWorkload: 'one step',
  restartAll: { params: { workloads: [workload, 'auth-service'] } },
  rollOut: { params: { workload, image: 'v2', strategy: 'rolling' } },
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
  runRoutine: { params: { routine: 'morning' } },
  checkHealth: { params: {} },
  runBackup: { params: {}, beside: [nightly, ended] },
  rotateSecrets: { params: { keys: ['JWT_SECRET'] }, beside: [secret] },
  lockDown: { params: { workloads: [workload, 'traefik'] }, beside: policies },
  liftLockdown: {
    params: { workloads: [workload, 'traefik'] },
    beside: policies,
    after: { action: actions.lockDown, params: { workloads: [workload, 'traefik'] } },
  },
  promoteReplica: { params: { database: 'gomeet-db', replica: 'replica-a' } },
  restoreManaged: { params: { database: 'gomeet-db', as: 'gomeet-db-2' } },
  restoreOverProduction: { params: { backup: 'b', components: ['postgresql'] } },
  respondToOutage: { params: { band: 'immediate' }, beside: [balancer] },
  deleteVolume: { params: { volume: 'v' } },
  raiseNodePool: 'one step',
  silenceAlert: 'one step',
  openIncident: 'one step',
  escalate: 'one step',
};

/** Everything that an act could change, and how often each thing was done that counts every time. */
async function stage({ beside = [], after }: Scenario) {
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
  const ports = { ...rig.ports, cluster: live };
  const cluster = { value: await live.read(), observedAtMs: nowMs };
  const cloud = { value: { ...rig.cloud, volumes: [volume] }, observedAtMs: nowMs };
  const fleet = { value: rig.fleet, observedAtMs: nowMs };
  const options = { world: { cluster, cloud, fleet }, declared };
  if (after !== undefined) await playProcedure(after.action, after.params, ports, options);
  return {
    play: (action: Action, params: object, killAfter?: number) =>
      playProcedure(action, params, ports, { ...options, ...(killAfter === undefined ? {} : { killAfter }) }),
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

describe('Every procedure, killed after each of its steps and gone on with', () => {
  for (const [name, scenario] of Object.entries(scenarios)) {
    const action: Action = actions[name as ActionName];
    if (scenario === 'one step') {
      it(`${name} has one step, and is tried again as its own test says`, () => {
        assert.equal(action.stride, undefined);
      });
      continue;
    }
    it(`${name} ends as if nobody had disturbed it`, async () => {
      const calm = await stage(scenario);
      const undisturbed = await calm.play(action, scenario.params);
      assert.equal(undisturbed.verdict, scenario.verdict ?? 'verified', undisturbed.saw);
      const [stands, counts] = [await calm.stands(), calm.counts()];
      let kills = 0;
      for (; kills < undisturbed.turns; kills += 1) {
        const shaken = await stage(scenario);
        const played = await shaken.play(action, scenario.params, kills);
        assert.equal(played.verdict, undisturbed.verdict, `killed after ${kills}: ${played.saw}`);
        assert.deepEqual(await shaken.stands(), stands, `killed after ${kills}`);
        assert.deepEqual(shaken.counts(), counts, `killed after ${kills}`);
      }
      assert.ok(kills > 0);
    });
  }
});
