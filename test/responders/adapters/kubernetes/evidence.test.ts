import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { V1ReplicaSet } from '@kubernetes/client-node';
import { rolloutsOf } from '../../../../responders/adapters/kubernetes/evidence.ts';

function replicaSet(revision: number, image: string, bornHour: number): V1ReplicaSet {
  return {
    metadata: {
      creationTimestamp: new Date(Date.UTC(2026, 10, 24, bornHour)),
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'chat-service', uid: 'u' }],
    },
    spec: { selector: {}, template: { spec: { containers: [{ name: 'chat-service', image }] } } },
  };
}

it('whoever went back runs the old image again, though its ReplicaSet is older than the one of what was left', () => {
  const rollouts = rolloutsOf('chat-service', [replicaSet(2, 'chat:bad', 9), replicaSet(3, 'chat:good', 1)]);

  assert.deepEqual(
    rollouts.map(({ image }) => image),
    ['chat:good', 'chat:bad'],
  );
});
