import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PortError } from '../../../kernel/errors.ts';
import { managedDatabase, memoryDatabases } from '../../../lab/fakes/memory-databases.ts';
import { memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import { respondToOutage } from '../../../responders/act/respond-to-outage.ts';
import { declaredPlatform } from '../../../responders/declared.ts';
import type { Outside } from '../../../responders/ports.ts';
import { actRig } from '../../support/act-ports.ts';
import { playProcedure } from '../../support/play-procedure.ts';
import { clusterOf, deploymentOf, fleetOf, nowMs, podOf } from '../../support/situation.ts';

const declared = declaredPlatform();
const cluster = clusterOf(2, {
  deployments: [deploymentOf('auth-service', 4, { readyReplicas: 1 }), deploymentOf('chat-service', 2)],
  pods: [podOf('auth-service', 1, { waitingReason: 'CrashLoopBackOff', restarts: 7 })],
});
const objects = () =>
  memoryObjects([
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'traefik' },
      spec: { type: 'LoadBalancer' },
      status: { loadBalancer: {} },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'auth-service-7d', creationTimestamp: new Date(nowMs - 600_000).toISOString() },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'auth-service-6c', creationTimestamp: new Date(nowMs - 90_000_000).toISOString() },
    },
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e1' },
      type: 'Warning',
      reason: 'BackOff',
      message: 'restarting failed container',
      lastTimestamp: new Date(nowMs - 60_000).toISOString(),
      involvedObject: { kind: 'Pod', name: 'auth-service-7d-x' },
    },
  ]);

describe('The outage response', () => {
  it('says what is broken, then declares it and calls people with that', async () => {
    const rig = actRig({ cluster, fleet: fleetOf(2), objects: objects() });
    const { verdict, steps } = await playProcedure(respondToOutage, { band: 'immediate' }, rig.ports, { declared });
    assert.equal(verdict, 'verified');
    const said = steps.map(({ saw }) => saw).join('\n');
    assert.match(said, /people in \d+ meetings on 2 SFUs/);
    assert.match(said, /short of pods: auth-service/);
    assert.match(said, /no address: traefik/);
    assert.deepEqual(
      rig.effects.map((one) => one.split(' ')[0]),
      ['declare', 'escalate'],
    );
  });

  it('still calls people when everything that it looks at is away', async () => {
    const rig = actRig({ cluster });
    const away = async (): Promise<never> => {
      throw new PortError('kubernetes', 'unreachable', 'cannot be reached');
    };
    const ports = {
      ...rig.ports,
      fleet: { read: away },
      cluster: { ...rig.ports.cluster, read: away },
      objects: { ...rig.ports.objects, list: away },
    };
    const { verdict, steps } = await playProcedure(respondToOutage, { band: 'immediate' }, ports, { declared });
    assert.equal(verdict, 'verified');
    assert.ok(steps.filter(({ saw }) => saw?.startsWith('not known')).length >= 3);
    assert.ok(rig.effects.some((one) => one.startsWith('escalate')));
  });

  it('looks for causes and names the command that could mend it, and calls nobody again', async () => {
    const rig = actRig({
      cluster,
      objects: objects(),
      databases: memoryDatabases([managedDatabase({ name: 'gomeet-db', status: 'forking' })]),
    });
    const { steps } = await playProcedure(respondToOutage, { band: 'investigate' }, rig.ports, { declared });
    const said = steps.map(({ saw }) => saw).join('\n');
    assert.match(said, /1 rollouts in the last six hours, the newest auth-service-7d/);
    assert.match(said, /BackOff 1/);
    assert.match(said, /auth-service: does not start, look at what changed/);
    assert.match(said, /gomeet-db is/);
    assert.match(said, /unknown: no data; cAdvisor is not scraped/, 'use of nodes and pods, or why it is not known');
    assert.deepEqual(rig.effects, []);
  });

  it('drafts the notice to hosts and sends it to nobody, unless it is told to', async () => {
    const sent: object[] = [];
    const outside: Outside = {
      open: async () => [{ url: 'https://app.example/', ok: true, saw: '200 after 31 ms' }],
      async tellHosts(notice) {
        sent.push(notice);
        return ['webhook'];
      },
    };
    const rig = actRig({ cluster, outside, objects: objects() });
    const draft = await playProcedure(respondToOutage, { band: 'recover' }, rig.ports, { declared });
    assert.match(draft.steps.at(-1)?.saw ?? '', /a notice for the hosts of \d+ meetings, sent to nobody/);
    assert.deepEqual(sent, []);
    assert.deepEqual(rig.effects, []);

    const params = { band: 'recover', notifyHosts: true };
    const last = draft.steps.length - 1;
    const told = await playProcedure(respondToOutage, params, rig.ports, { declared, killAt: last + 1 });
    assert.equal(told.verdict, 'verified');
    assert.match(told.steps.at(-1)?.saw ?? '', /sent to the hosts of \d+ meetings: webhook/);
    assert.equal(sent.length, 2, 'the step was killed once after it had sent');
    assert.deepEqual(sent[0], sent[1], 'and bears the same key, by which it is known');
  });

  it('says that no way to the hosts is declared', async () => {
    const rig = actRig({ cluster });
    const { verdict, saw } = await playProcedure(respondToOutage, { band: 'recover', notifyHosts: true }, rig.ports, {
      declared,
    });
    assert.equal(verdict, 'not-improved');
    assert.match(saw, /no way to the hosts is declared: set HOST_NOTICE_WEBHOOK_URL/);
  });

  it('tells people each quarter of an hour, and is short once it is over', async () => {
    let down = true;
    let looks = 0;
    const outside: Outside = {
      async open() {
        looks += 1;
        // The third look finds everything back.
        down = looks < 3;
        return [{ url: 'https://app.example/', ok: !down, saw: down ? '503 after 9 ms' : '200 after 31 ms' }];
      },
      tellHosts: async () => [],
    };
    const rig = actRig({ cluster, outside });
    const healthy = clusterOf(2, { deployments: [deploymentOf('auth-service', 4)] });
    const read = async () => (looks < 2 ? cluster : healthy);
    const ports = { ...rig.ports, cluster: { ...rig.ports.cluster, read } };
    const { verdict, steps } = await playProcedure(respondToOutage, { band: 'updates' }, ports, {
      declared,
      turnMs: 60_000,
    });
    assert.equal(verdict, 'verified');
    const said = steps.map(({ saw = '' }) => saw);
    assert.match(said[0] ?? '', /^short of pods: auth-service; from outside: app.example 503/);
    assert.match(said[1] ?? '', /from outside: app.example 503/);
    assert.match(said[2] ?? '', /^over: every service has its pods; people reach app.example/);
    assert.equal(said[3], said[2], 'the last one need not look again');
    assert.equal(looks, 3);
    assert.deepEqual(rig.effects, []);
  });

  it('says in the first minutes whether people reach the platform', async () => {
    const outside: Outside = {
      open: async () => [{ url: 'https://app.example/', ok: false, saw: 'does not answer' }],
      tellHosts: async () => [],
    };
    const rig = actRig({ cluster, outside, objects: objects() });
    const { steps } = await playProcedure(respondToOutage, { band: 'immediate' }, rig.ports, { declared });
    assert.ok(steps.some(({ saw }) => saw === 'from outside: app.example does not answer'));
    assert.match(steps.at(-1)?.saw ?? '', /SEV 1 declared.*from outside: app.example does not answer/);
  });
});
