import assert from 'node:assert/strict';
import type { KubeObject } from '../../deploy/kube/object.ts';
import { withOwner } from '../../deploy/kube/own.ts';
import { released } from '../../manifests/addons/index.ts';
import { production } from '../../manifests/environments/production.ts';
import { hpaFile } from '../../manifests/files/hpa.ts';

/** KEDA's definition of a ScaledObject, as its makers have it. */
export const definition: KubeObject = of(released('keda'), 'CustomResourceDefinition', 'scaledobjects.keda.sh');

const scaler = of(hpaFile({ environment: production }), 'ScaledObject', 'auth-service');

/** One of production's, that only KEDA may let go. */
export const held: KubeObject = withOwner(
  { ...scaler, metadata: { ...scaler.metadata, finalizers: ['finalizer.keda.sh'] } },
  'staging',
);

function of(objects: readonly KubeObject[], kind: string, name: string): KubeObject {
  return objects.find((one) => one.kind === kind && one.metadata.name === name) ?? assert.fail(`${kind} ${name}`);
}

/** Where such an add-on runs. */
export const ofAnAddon: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'of-an-addon' } };
