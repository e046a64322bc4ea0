import assert from 'node:assert/strict';
import { test } from 'node:test';
import { platformFiles } from '../../cli/deploy/platform.ts';
import { inShadow, shadowAnnotation } from '../../deploy/adopt.ts';
import { fieldOf, type KubeObject } from '../../deploy/kube/object.ts';

const since = '2026-01-01T00:00:00Z';
const before = platformFiles('production').flatMap(({ objects }): readonly KubeObject[] => objects);
const after = before.map(inShadow(since));
const argsOf = (objects: readonly KubeObject[]) =>
  fieldOf(
    objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'responder'),
    'spec',
    'template',
    'spec',
    'containers',
    '0',
    'args',
  );

test("a platform that is taken over starts in shadow: production's responder decides and does not act, and the namespace remembers", () => {
  assert.deepEqual(argsOf(before), ['responder']);
  assert.deepEqual(argsOf(after), ['responder', '--dry-run']);
  const namespace = after.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === 'gomeet');
  assert.equal(namespace?.metadata.annotations?.[shadowAnnotation], since);
});

test('nothing else of the platform is changed by it', () => {
  const changed = after.filter((object, index) => JSON.stringify(object) !== JSON.stringify(before[index]));
  assert.deepEqual(changed.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort(), [
    'Deployment responder',
    'Namespace gomeet',
  ]);
});
