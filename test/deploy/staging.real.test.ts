import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { setHeaderOptions } from '@kubernetes/client-node';
import { progress } from '../../cli/deploy/deploy-text.ts';
import { platformFiles } from '../../cli/deploy/platform.ts';
import { createInfraCloud } from '../../deploy/adapters/digitalocean.ts';
import { createKube } from '../../deploy/adapters/kubernetes.ts';
import { runChecks } from '../../deploy/checks/define.ts';
import { postDeployment } from '../../deploy/checks/post-deployment.ts';
import { preDeployment } from '../../deploy/checks/pre-deployment.ts';
import { validation } from '../../deploy/checks/validation.ts';
import type { Kube } from '../../deploy/kube/port.ts';
import { neededKeys } from '../../deploy/kube/secrets.ts';
import type { DeployEvent } from '../../deploy/phases/ports.ts';
import { deploy } from '../../deploy/phases/run.ts';
import { systemClock } from '../../kernel/clock.ts';
import { connectApi, createAll, type LabApi } from '../../lab/cluster/api.ts';
import { type ControlPlane, startControlPlane } from '../../lab/cluster/control-plane.ts';
import { platformNamespace as namespace } from '../../manifests/catalogue/define.ts';
import { environments } from '../../manifests/environments/index.ts';
import { declareInfrastructure } from '../../manifests/infrastructure/declare.ts';
import { answersTheApiServer } from '../support/answers-the-api-server.ts';
import { databasePassword, type Outside, startOutside } from '../support/deploy-outside.ts';
import { poolNodes, volumesFor } from '../support/pool-nodes.ts';
import { controlPlaneTools, skipWithout } from '../support/skip-without.ts';

const { staging } = environments;
// What would have the API server call a pod is left out: none answers here. The test of production has it tried.
const files = platformFiles('staging').map(({ path, objects }) => ({
  path,
  objects: objects.filter((object) => !answersTheApiServer(object)),
}));
const declared = files.flatMap(({ objects }) => objects);
const infrastructure = declareInfrastructure(staging);
const balancerIp = '203.0.113.7';
/** The three lists of the deployment README, word for word. */
const readmeChecklists = [
  'DigitalOcean API token configured',
  'DOK cluster ready',
  'Managed services provisioned',
  'DNS records configured',
  'Secrets populated',
  'Container registry access',
  'All pods running',
  'Load balancer healthy',
  'SSL certificates valid',
  'Monitoring operational',
  'Auto-scaling functional',
  'Network policies enforced',
  'API endpoints accessible',
  'WebSocket connections working',
  'WebRTC signaling functional',
  'Metrics collection active',
  'Alert rules triggered',
];

describe('the whole of staging, deployed to a real control plane', {
  skip: skipWithout(...controlPlaneTools),
}, () => {
  let plane: ControlPlane;
  let api: LabApi;
  let kube: Kube;
  let stopped = false;
  let balancing: Promise<void>;
  let outside: Outside;
  const events: DeployEvent[] = [];
  const printed: string[] = [];

  before(async () => {
    outside = await startOutside(infrastructure);
    plane = await startControlPlane({
      controllers: true,
      moreControllers: [
        'daemonset-controller',
        'cronjob-controller',
        'job-controller',
        'resourcequota-controller',
        'persistentvolume-binder-controller',
      ],
      scheduler: true,
      kwok: true,
      namespace,
    });
    api = connectApi(plane.kubeconfig);
    kube = createKube({ kubeconfig: plane.kubeconfig, namespace });
    await createAll(api, [
      ...poolNodes(staging),
      ...volumesFor(staging),
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ]);
    await fillSecrets();
    balancing = giveAddresses();
  });
  after(async () => {
    stopped = true;
    await balancing;
    await plane.stop();
    await outside.stop();
  });

  /** `lab`: what cert-manager and metrics-server would say, which the lab does not run, is said for them. */
  const ports = (lab: { controllers: boolean } = { controllers: false }) => ({
    kube: lab.controllers ? withControllers(kube) : kube,
    namespace,
    environment: staging,
    infrastructure,
    declared,
    cloud: undefined,
    query: undefined,
    status: async () => 200,
    resolve: async () => [],
  });
  const run = (controllers: boolean) => {
    const looking = {
      ...ports({ controllers }),
      cloud: async () => (await createInfraCloud(outside.cloudOptions)).observe(infrastructure),
      query: async (expr: string) =>
        expr === 'up == 0' ? [] : [{ labels: { job: 'livekit-sfu' }, value: expr.startsWith('min(') ? 1 : 3 }],
      status: async (_url: string, kind: 'get' | 'websocket') => (kind === 'get' ? 200 : 401),
      resolve: async (host: string) => outside.addressesOf(host),
    };
    const print = progress((line) => printed.push(stripVTControlCharacters(line)), { verbose: true, diffs: false });
    return deploy({
      environment: 'staging',
      clusterName: staging.settings.clusterName,
      others: ['production'],
      namespace,
      files,
      kube,
      clock: systemClock,
      parts: outside.parts(kube),
      checks: {
        preDeployment: preDeployment(looking),
        postDeployment: postDeployment(looking),
        validation: validation(looking),
      },
      tell: (event) => {
        events.push(event);
        print(event);
        // DigitalOcean lists a database as soon as somebody has made it on the server.
        if (event.kind === 'line' && event.line.startsWith('create database ')) outside.lists('gomeet');
      },
      who: 'test',
      context: 'lab',
      readyWithinMs: 600_000,
      pollMs: 500,
    });
  };

  it('passes the pre-deployment list as far as it can be looked at', async () => {
    const findings = await runChecks(preDeployment(ports()));

    const failed = findings.filter(({ verdict }) => verdict === 'failed');
    assert.deepEqual(failed, []);
    const open = findings.filter(({ verdict }) => verdict === 'unknown').map(({ check }) => check);
    assert.deepEqual(open, [
      'DigitalOcean API token configured',
      'Managed services provisioned',
      'DNS records configured',
    ]);
  });

  it('applies every object, makes what is outside, and stops where a checklist fails', async () => {
    const outcome = await run(false);

    assert.ok(outcome.is === 'stopped', JSON.stringify(outcome, undefined, 2));
    assert.equal(outcome.phase.name, 'health');
    assert.match(outcome.says, /^2 checks failed: SSL certificates valid, Auto-scaling functional$/);
    assert.match(outcome.todo, /kubectl describe certificate/);
    const state = await outside.state();
    assert.deepEqual(state.server.indexes, [
      { name: 'idx_meetings_created_at', valid: true },
      { name: 'idx_participants_meeting_id', valid: true },
    ]);
    const [postgresql] = state.databases.filter(({ pools }) => pools.length > 0);
    assert.deepEqual(
      postgresql?.pools.map(({ db }) => db),
      ['gomeet'],
    );
    assert.ok(state.databases.every(({ rules }) => rules.length === 1 && rules[0]?.type === 'k8s'));
    assert.deepEqual([...new Set(state.records.map(({ data }) => data))], [balancerIp]);
    assert.equal(state.records.length, infrastructure.domain.records.length);
  });

  it("goes on from there, and prints the README's three checklists as tables; every line holds, but what no API can tell", async () => {
    const before = await outside.state();
    events.splice(0);
    printed.splice(0);

    const outcome = await run(true);

    assert.equal(outcome.is, 'done', JSON.stringify(outcome, undefined, 2));
    assert.deepEqual(await outside.state(), before);
    const tables = events.flatMap((event) => (event.kind === 'checked' ? [event] : []));
    assert.deepEqual(
      tables.map(({ title }) => title),
      ['Pre-deployment', 'Post-deployment', 'Validation'],
    );
    const lines = printed.join('\n').split('\n');
    for (const check of readmeChecklists) {
      const verdict = check === 'Network policies enforced' ? '?' : '✓';
      // A cell may go over two lines: its first word and the sign stand on the first.
      assert.ok(
        lines.some((line) => line.includes(`│ ${verdict}`) && line.includes(check.split(' ').slice(0, 2).join(' '))),
        `${verdict} ${check}\n${lines.filter((line) => line.includes('│')).join('\n')}`,
      );
    }
    const all = `${printed.join('\n')}${JSON.stringify(events)}`;
    for (const secret of [databasePassword, 'not-a-real-one', outside.cloudOptions.token])
      assert.ok(
        !all.includes(secret) && !all.includes(Buffer.from(secret).toString('base64')),
        'a secret in the output',
      );
  });

  it('changes nothing when run again', async () => {
    const before = await outside.state();
    events.splice(0);

    assert.equal((await run(true)).is, 'done');
    const changed = events.flatMap((event) =>
      event.kind === 'applied' && event.applied.did !== 'unchanged' ? [event.applied] : [],
    );
    assert.deepEqual(
      changed.map(({ ref, did, diff, note }) => `${ref.kind} ${ref.name} ${did} ${diff} ${note}`),
      [],
    );
    assert.deepEqual(await outside.state(), before);
  });

  async function fillSecrets(): Promise<void> {
    const bySecret = Map.groupBy(neededKeys(declared, namespace), ({ secret }) => secret);
    for (const [name, keys] of bySecret) {
      const value = Buffer.from('not-a-real-one').toString('base64');
      const data = Object.fromEntries(keys.flatMap(({ key }) => (key === undefined ? [] : [[key, value]])));
      const theirs = name === outside.credentials.metadata.name ? outside.credentials['data'] : {};
      const filled = { ...data, ...Object(theirs) };
      await kube.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data: filled });
    }
    const auths = { auths: { 'registry.digitalocean.com': { auth: '' } } };
    await kube.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'registry-credentials', namespace },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': Buffer.from(JSON.stringify(auths)).toString('base64') },
    });
  }

  /** Stands in for DigitalOcean's controller: every load balancer gets an address, and the account has it. */
  async function giveAddresses(): Promise<void> {
    while (!stopped) {
      const { items } = await api.core.listNamespacedService({ namespace });
      for (const { metadata, spec, status } of items) {
        if (spec?.type !== 'LoadBalancer' || (status?.loadBalancer?.ingress ?? []).length > 0) continue;
        const body = { status: { loadBalancer: { ingress: [{ ip: balancerIp }] } } };
        const options = setHeaderOptions('Content-Type', 'application/merge-patch+json');
        await api.core.patchNamespacedServiceStatus({ name: metadata?.name ?? '', namespace, body }, options);
        outside.balances(balancerIp);
      }
      await systemClock.sleep(200);
    }
  }
});

/** A cluster whose certificates are issued and whose autoscalers have metrics. */
function withControllers(kube: Kube): Kube {
  const condition = (type: string) => ({ status: { conditions: [{ type, status: 'True' }] } });
  return {
    ...kube,
    async list(kind, labelSelector) {
      const found = await kube.list(kind, labelSelector);
      const said = { Certificate: 'Ready', HorizontalPodAutoscaler: 'ScalingActive' }[kind.kind];
      return said === undefined ? found : found.map((one) => ({ ...one, ...condition(said) }));
    },
  };
}
