import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { progress } from '../../../cli/deploy/deploy-text.ts';
import { fieldOf, type KubeObject } from '../../../deploy/kube/object.ts';
import { phases } from '../../../deploy/phases/define.ts';
import { readRuns } from '../../../deploy/record/store.ts';
import { platformNamespace as namespace } from '../../../manifests/catalogue/define.ts';
import { killIn, makeNewPodsFail } from '../../support/deploy-faults.ts';
import { startOutside } from '../../support/deploy-outside.ts';
import { type DeployStage, endState, startDeployStage } from '../../support/deploy-stage.ts';
import { smallInfrastructure } from '../../support/infrastructure.ts';
import { controlPlaneTools, skipWithout } from '../../support/skip-without.ts';
import { configMap, deployment, smallPlatform } from '../../support/small-platform.ts';

const deploymentRef = (name: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name });
const configRef = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name });

describe('a deployment on a real control plane', { skip: skipWithout(...controlPlaneTools) }, () => {
  let stage: DeployStage;
  before(async () => {
    stage = await startDeployStage();
  });
  after(() => stage.stop());
  beforeEach(() => stage.reset());

  /** Deploys, and fails with what stopped it. */
  async function done(...args: Parameters<DeployStage['deploy']>): Promise<void> {
    const outcome = await stage.deploy(...args);
    assert.equal(outcome.is, 'done', JSON.stringify(outcome));
  }

  const image = async (name: string) =>
    fieldOf(await stage.kube.get(deploymentRef(name)), 'spec', 'template', 'spec', 'containers', '0', 'image');
  const overPhases = () => stage.events.flatMap((event) => (event.kind === 'phase-over' ? [event.phase.name] : []));

  it('goes through the twelve phases in order, waits for real readiness, and is unchanged when run again', async () => {
    await done(smallPlatform());

    assert.deepEqual(
      overPhases(),
      phases.map(({ name }) => name),
    );
    assert.equal(fieldOf(await stage.kube.get(deploymentRef('auth-service')), 'status', 'availableReplicas'), 2);
    const policy = await stage.kube.get({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      namespace,
      name: 'auth-service',
    });
    assert.deepEqual(
      fieldOf(policy, 'spec', 'ingress', '0', 'from', '0', 'podSelector', 'matchLabels', 'app'),
      'traefik',
    );
    stage.events.splice(0);

    // The context need not be named any more: the cluster says what it is.
    const { context: _context, ...rest } = stage.options(smallPlatform());
    const { deploy } = await import('../../../deploy/phases/run.ts');
    assert.equal((await deploy(rest)).is, 'done');
    const applied = stage.events.flatMap((event) => (event.kind === 'applied' ? [event.applied.did] : []));
    assert.deepEqual(new Set(applied), new Set(['unchanged']));
  });

  it('changes nothing in a dry run, and shows what it would change', async () => {
    await done(smallPlatform());
    const before = await endState(stage.kube);
    stage.events.splice(0);

    const outcome = await stage.deploy(smallPlatform({ image: 'auth-service:2' }), { dryRun: true });

    assert.deepEqual(outcome, { is: 'rehearsed' });
    assert.deepEqual(await endState(stage.kube), before);
    const diffs = stage.events.flatMap((event) =>
      event.kind === 'applied' && event.applied.did === 'changed' ? [event.applied.diff ?? ''] : [],
    );
    assert.equal(diffs.length, 1);
    assert.match(diffs[0] ?? '', /-\s+image: auth-service:1\n\+\s+image: auth-service:2/);
  });

  it('tells of changes alone, with --verbose of every object and its diff, and of no secret in either', async () => {
    await done(smallPlatform());
    stage.events.splice(0);
    await done(smallPlatform({ image: 'auth-service:2' }));
    const told = (verbose: boolean) => {
      const lines: string[] = [];
      const tell = progress((line) => lines.push(stripVTControlCharacters(line)), { verbose, diffs: false });
      for (const event of stage.events) tell(event);
      return lines.join('\n');
    };

    const [brief, verbose] = [told(false), told(true)];

    for (const { number, title } of phases) {
      assert.ok(brief.includes(`[${number}/12] ${title}`), title);
      assert.ok(verbose.includes(`✓ ${title}: `), title);
    }
    assert.doesNotMatch(brief, /^ {2}unchanged |image: /m);
    const declared = smallPlatform().flatMap(({ objects }) => objects.filter(({ kind }) => kind !== 'Secret'));
    for (const { kind, metadata } of declared)
      assert.match(verbose, new RegExp(`(un)?changed\\s+${kind} (${namespace}/)?${metadata.name}\\b`));
    assert.match(
      verbose,
      /changed {3}Deployment gomeet\/auth-service\n(?:.*\n)*?.*- +image: auth-service:1\n +\+ +image: auth-service:2/,
    );
    assert.doesNotMatch(brief + verbose, /not-a-real-one|bm90LWEtcmVhbC1vbmU|Secret /);
  });

  it('leaves the replicas of an autoscaled Deployment and a raised floor alone, and says so', async () => {
    await done(smallPlatform());
    const merge = async (object: KubeObject) => stage.kube.apply(object, { manager: 'responder', force: true });
    await merge(bare('apps/v1', 'Deployment', 'auth-service', { replicas: 5 }));
    await merge(bare('autoscaling/v2', 'HorizontalPodAutoscaler', 'auth-service-hpa', { minReplicas: 4 }));
    stage.events.splice(0);

    await done(smallPlatform({ image: 'auth-service:2' }));

    assert.equal(fieldOf(await stage.kube.get(deploymentRef('auth-service')), 'spec', 'replicas'), 5);
    const hpa = await stage.kube.get({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      namespace,
      name: 'auth-service-hpa',
    });
    assert.equal(fieldOf(hpa, 'spec', 'minReplicas'), 4);
    assert.equal(await image('auth-service'), 'auth-service:2');
    const notes = stage.events.flatMap((event) => (event.kind === 'applied' ? [event.applied.note ?? ''] : [])).join();
    assert.match(notes, /minReplicas 4 is somebody else's \(declared 2\): left alone/);
  });

  it('gives the declared floor and replicas at first', async () => {
    await done(smallPlatform());

    const hpa = await stage.kube.get({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      namespace,
      name: 'auth-service-hpa',
    });
    assert.equal(fieldOf(hpa, 'spec', 'minReplicas'), 2);
  });

  it('removes what it made and is declared no more, and nothing else', async () => {
    await done(smallPlatform({ extra: [configMap('old-config', 'x')] }));
    await stage.api.core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'somebody-elses' } } });

    await done(smallPlatform());

    assert.equal(await stage.kube.get(configRef('old-config')), undefined);
    assert.notEqual(await stage.kube.get(configRef('somebody-elses')), undefined);
  });

  it('stops before it removes a great many at once', async () => {
    const many = Array.from({ length: 11 }, (_none, index) => configMap(`many-${index}`, 'x'));
    await done(smallPlatform({ extra: many }));

    const outcome = await stage.deploy(smallPlatform());

    assert.ok(outcome.is === 'stopped' && outcome.phase.name === 'cleanup');
    assert.notEqual(await stage.kube.get(configRef('many-0')), undefined);
  });

  it('is killed in each phase and run again: the same end state, in the cluster, at DigitalOcean and in PostgreSQL', async (t) => {
    const outside = await startOutside(smallInfrastructure);
    t.after(() => outside.stop());
    const files = smallPlatform({ image: 'auth-service:2', value: 'two', light: true });
    const parts = outside.parts(stage.kube);
    const afresh = async () => {
      await stage.reset();
      await outside.reset();
      await stage.kube.create(outside.credentials);
    };
    await afresh();
    await done(files, { parts });
    const [wanted, wantedOutside] = [await endState(stage.kube), await outside.state()];
    assert.deepEqual(wantedOutside.server.indexes.map(Object.values), [
      ['idx_meetings_created_at', true],
      ['idx_participants_meeting_id', true],
    ]);
    assert.ok(wantedOutside.records.length > 3 && wantedOutside.firewalls.length === 1);
    for (const phase of phases) {
      await afresh();
      const untouched = await outside.state();
      await killIn(stage, phase.name, outside.address);
      if (phase.name === 'infrastructure') assert.notDeepEqual(await outside.state(), untouched, 'half done');

      await done(files, { parts });

      assert.deepEqual(await endState(stage.kube), wanted, phase.name);
      assert.deepEqual(await outside.state(), wantedOutside, phase.name);
    }
  });

  it('begins with the phase that is named, or carries out that one alone; the first is always run', async () => {
    await done(smallPlatform({ light: true }), { only: 'secrets' });
    assert.deepEqual(overPhases(), ['prerequisites', 'secrets']);
    assert.equal(await stage.kube.get(deploymentRef('auth-service')), undefined);
    stage.events.splice(0);
    await done(smallPlatform({ light: true }), { from: 'verification' });
    assert.deepEqual(overPhases(), ['prerequisites', 'verification', 'cleanup']);
    assert.equal(await stage.kube.get(deploymentRef('auth-service')), undefined);
  });

  it('refuses to go on from half a run with other content, unless told to', async () => {
    await killIn(stage, 'services');

    const refused = await stage.deploy(smallPlatform({ image: 'auth-service:3' }));
    assert.ok(refused.is === 'refused');
    assert.match(refused.refusals[0]?.says ?? '', /stopped after .*, and what is declared has changed since/);

    await done(smallPlatform({ image: 'auth-service:3' }), { supersede: true });
    assert.equal(await image('auth-service'), 'auth-service:3');
  });

  it('stops with the cause when a pod cannot start, and puts back what stood before', async () => {
    await done(smallPlatform());
    const before = await endState(stage.kube);
    const crashing = stage.deploy(smallPlatform({ image: 'auth-service:broken', value: 'changed' }), {
      rollbackOnFailure: true,
    });
    await makeNewPodsFail(stage, 'auth-service:broken');

    const outcome = await crashing;

    assert.ok(outcome.is === 'stopped');
    assert.equal(outcome.phase.name, 'services');
    assert.match(outcome.says, /Deployment gomeet\/auth-service: .*CrashLoopBackOff/);
    assert.equal(outcome.rolledBack, true);
    assert.deepEqual(await endState(stage.kube), before);
    assert.equal((await readRuns(stage.kube, namespace))[0]?.state, 'rolled-back');
  });

  it('does not begin while another deploys, in the wrong cluster, without a secret, or where the API server refuses', async () => {
    await done(smallPlatform());
    const before = await endState(stage.kube);
    const says = async (files = smallPlatform({ value: 'new' }), change = {}) => {
      const outcome = await stage.deploy(files, change);
      assert.ok(outcome.is === 'refused', outcome.is);
      assert.ok(outcome.refusals.every(({ todo }) => todo !== ''));
      return outcome.refusals.map((one) => one.says).join('\n');
    };
    assert.match(
      await says(undefined, { environment: 'production', clusterName: 'gomeet-cluster', others: ['staging'] }),
      /production was asked for, but this cluster is staging/,
    );
    assert.match(await says(undefined, { context: 'do-nyc1-other' }), /--context says do-nyc1-other/);
    const wrong = smallPlatform({ extra: [{ ...configMap('bad', 'x'), data: { value: 7 } }] });
    assert.match(await says(wrong), /ConfigMap gomeet\/bad: .*HTTP 400|ConfigMap gomeet\/bad: .*expected/);
    const needy = smallPlatform({ extra: [deployment('needy', { secretKey: 'NOT_THERE' })] });
    assert.match(await says(needy), /no value for gomeet\/gomeet-secrets: NOT_THERE/);
    const clock = stage.laterClock();
    const { takeLock } = await import('../../../deploy/record/lock.ts');
    await takeLock(stage.kube, namespace, 'alice', clock);
    assert.match(await says(undefined, { clock }), /alice .* deploys right now/);

    assert.deepEqual(await endState(stage.kube), before);
  });

  it('refuses what somebody else runs, until it is told to take it over; then the responder only watches', async () => {
    await stage.kube.create(deployment('auth-service', { replicas: 3 }));
    const refused = await stage.deploy(smallPlatform());
    assert.ok(refused.is === 'refused');
    assert.match(
      refused.refusals[0]?.says ?? '',
      /1 Deployments run here that this tool did not make \(auth-service\)/,
    );

    await done(smallPlatform(), { adopt: true });
    const args = async () =>
      fieldOf(await stage.kube.get(deploymentRef('responder')), 'spec', 'template', 'spec', 'containers', '0', 'args');
    assert.deepEqual(await args(), ['serve', '--dry-run']);
    assert.equal(fieldOf(await stage.kube.get(deploymentRef('auth-service')), 'spec', 'replicas'), 3);

    await done(smallPlatform({ value: 'two' }));
    assert.deepEqual(await args(), ['serve', '--dry-run']);
    await stage.deploy(smallPlatform({ value: 'two' }), { outOfShadow: true });
    assert.deepEqual(await args(), ['serve']);
  });

  it('keeps the last five runs', async () => {
    for (const value of ['1', '2', '3', '4', '5', '6', '7'])
      await stage.deploy(smallPlatform({ value }), { only: 'cleanup' });

    assert.equal((await readRuns(stage.kube, namespace)).length, 5);
  });
});

function bare(apiVersion: string, kind: string, name: string, spec: object): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace }, spec };
}
