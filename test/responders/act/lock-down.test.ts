import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PortError } from '../../../kernel/errors.ts';
import { memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import { renderEnvironment } from '../../../manifests/render.ts';
import { liftLockdown, lockDown } from '../../../responders/act/lock-down.ts';
import type { KubeObject } from '../../../responders/ports.ts';
import { actRig } from '../../support/act-ports.ts';
import { planOf, playProcedure } from '../../support/play-procedure.ts';

/** The policies that a deployment really applies. */
const policies: readonly KubeObject[] = JSON.parse(
  JSON.stringify(
    renderEnvironment('production')
      .flatMap(({ objects }) => objects)
      .filter(({ kind }) => kind === 'NetworkPolicy'),
  ),
);
const cluster = () => memoryObjects(policies);
const specs = (objects: ReturnType<typeof cluster>) =>
  Object.fromEntries(objects.all().map(({ metadata, spec }) => [metadata.name, spec]));

describe('A lockdown', () => {
  it('narrows every policy of the product, since a policy cannot forbid what another allows, and none that monitoring or this bundle lives on', async () => {
    const objects = cluster();
    const before = specs(objects);
    const { verdict } = await playProcedure(lockDown, {}, actRig({ objects }).ports);
    assert.equal(verdict, 'verified');
    const after = specs(objects);
    for (const name of ['traefik', 'auth-service', 'meeting-service', 'frontend'])
      assert.deepEqual(after[name] && { ...after[name], podSelector: undefined }, {
        podSelector: undefined,
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [{ podSelector: { matchLabels: { app: 'prometheus' } } }] }],
        egress: [],
      });
    for (const name of [
      'allow-dns',
      'default-deny',
      'prometheus',
      'alertmanager',
      'responder',
      'grafana',
      'livekit-exporter',
    ])
      assert.deepEqual(after[name], before[name], name);
    assert.ok(after['emergency-lockdown']);
  });

  it('is taken back to what it was, the gateway last, with what was blocked', async () => {
    const objects = cluster();
    const before = specs(objects);
    await playProcedure(lockDown, {}, actRig({ objects }).ports);
    const { verdict, steps } = await playProcedure(liftLockdown, {}, actRig({ objects }).ports);
    assert.equal(verdict, 'verified');
    assert.deepEqual(specs(objects), before);
    const released = steps.filter(({ title }) => title.startsWith('let '));
    assert.match(released.at(-1)?.title ?? '', /traefik|livekit/);
    assert.match(released[0]?.saw ?? '', /was cut off for/);
    for (const { metadata } of objects.all())
      assert.equal(metadata.annotations?.['gomeet.dev/before-lockdown'], undefined);
  });

  it('survives a kill after any step without losing what stood before', async () => {
    const length = (await playProcedure(lockDown, {}, actRig({ objects: cluster() }).ports)).steps.length;
    for (let killAt = 0; killAt < length; killAt += 3) {
      const objects = cluster();
      const before = specs(objects);
      assert.equal((await playProcedure(lockDown, {}, actRig({ objects }).ports, { killAt })).verdict, 'verified');
      assert.equal(
        (await playProcedure(lockDown, {}, actRig({ objects }).ports)).verdict,
        'verified',
        'and a second time',
      );
      assert.equal((await playProcedure(liftLockdown, {}, actRig({ objects }).ports, { killAt })).verdict, 'verified');
      assert.deepEqual(specs(objects), before);
    }
  });

  it('goes on past what it may not change, and then says that it does not hold', async () => {
    const objects = cluster();
    const { patch } = objects;
    objects.patch = async (ref, change, by) => {
      if (ref.name === 'auth-service')
        throw new PortError('kubernetes', 'forbidden', 'networkpolicies "auth-service" is forbidden');
      return await patch(ref, change, by);
    };
    const { verdict, saw, steps } = await playProcedure(lockDown, {}, actRig({ objects }).ports);
    assert.notEqual(verdict, 'verified');
    assert.match(saw, /still open: auth-service/);
    assert.ok(steps.some(({ saw: said }) => said?.includes('could NOT be cut off')));
    assert.deepEqual(
      specs(objects)['chat-service'] && Object.keys(specs(objects)['chat-service'] as object).includes('egress'),
      true,
    );
  });

  it('gives a workload without a policy one, and takes it away again', async () => {
    const objects = memoryObjects();
    await playProcedure(lockDown, { workloads: ['auth-service'] }, actRig({ objects }).ports);
    assert.deepEqual(
      objects.all().map(({ metadata }) => metadata.name),
      ['auth-service'],
    );
    await playProcedure(liftLockdown, { workloads: ['auth-service'] }, actRig({ objects }).ports);
    assert.deepEqual(objects.all(), []);
  });

  it('refuses monitoring, this bundle, and what is on the network of its node', () => {
    for (const name of ['prometheus', 'responder', 'postgresql', 'nothing'])
      assert.match(JSON.stringify(planOf(lockDown, { workloads: [name] }, {})), /not of the product/);
    assert.match(JSON.stringify(planOf(lockDown, { workloads: ['livekit-sfu'] }, {})), /beyond network policies/);
    assert.ok(lockDown.destructive && liftLockdown.destructive, 'two people');
  });
});
