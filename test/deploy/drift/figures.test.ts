import assert from 'node:assert/strict';
import { test } from 'node:test';
import { platformFiles } from '../../../cli/deploy/platform.ts';
import { figures } from '../../../deploy/drift/figures.ts';
import type { KubeObject } from '../../../deploy/kube/object.ts';
import { environments } from '../../../manifests/environments/index.ts';

const { production, readme } = environments;
// A cluster in which everything is as declared; KEDA makes its autoscalers.
const declared = platformFiles('production')
  .flatMap(({ objects }): readonly KubeObject[] => objects)
  .flatMap((object) => (object.kind === 'ScaledObject' ? [object, madeByKeda(object)] : [object]));
const differing = (running: readonly KubeObject[]) =>
  figures(production, readme, running).filter((one) => one.declared !== one.running);

function madeByKeda(scaled: KubeObject): KubeObject {
  const spec = JSON.parse(JSON.stringify(scaled['spec']));
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: `${scaled.metadata.name}-hpa`, namespace: 'gomeet' },
    spec: { scaleTargetRef: spec.scaleTargetRef, maxReplicas: spec.maxReplicaCount },
  };
}

function withAuth(spoil: (text: string) => string): readonly KubeObject[] {
  return declared.map((object) =>
    object.kind === 'Deployment' && object.metadata.name === 'auth-service'
      ? JSON.parse(spoil(JSON.stringify(object)))
      : object,
  );
}

test('a cluster in which everything is as declared has no drift', () => {
  assert.deepEqual(differing(declared), []);
});

test('each figure that somebody changed is shown beside what is declared and documented', () => {
  const cases = [
    [/"replicas":8/, '"replicas":3', { what: 'auth-service replicas', declared: '8', running: '3', documented: '8' }],
    [
      /"cpu":"4"/,
      '"cpu":"100m"',
      { what: 'auth-service requests', declared: '4, 8Gi', running: '100m, 8Gi', documented: '4, 8Gi' },
    ],
    [
      /auth-service:0\.1\.0/,
      'meeting-service:0.1.0',
      {
        what: 'auth-service image',
        declared: 'registry.digitalocean.com/gomeet/auth-service',
        running: 'registry.digitalocean.com/gomeet/meeting-service:0.1.0',
        documented: 'registry.digitalocean.com/gomeet/auth-service',
      },
    ],
  ] as const;
  for (const [from, to, shown] of cases)
    assert.deepEqual(differing(withAuth((text) => text.replace(from, to))), [shown]);
});

test('what does not run is a dash, also an add-on in its own namespace', () => {
  const rows = figures(production, readme, []);
  assert.ok(rows.every(({ running }) => running === '-'));
  const elsewhere = declared.map((object) =>
    object.metadata.name === 'keda-operator'
      ? { ...object, metadata: { name: 'keda-operator', namespace: 'other' } }
      : object,
  );
  assert.deepEqual(
    differing(elsewhere).map(({ what }) => what),
    ['keda-operator replicas', 'keda-operator requests', 'keda-operator image'],
  );
});

test('the table says where declared and documented part, and that is what the environment lists with a reason', () => {
  const parts = figures(production, readme, declared)
    .filter((one) => one.documented !== '-' && one.declared !== one.documented && !one.what.endsWith('at most'))
    .map(({ what }) => what);
  assert.deepEqual(parts, ['livekit-sfu requests']);
});
