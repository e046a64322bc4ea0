import type { KubeObject } from '../../deploy/kube/object.ts';
import { platformNamespace as namespace } from '../../manifests/catalogue/define.ts';

/** A kind of an add-on. */
export const definition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.lab.gomeet.dev' },
  spec: {
    group: 'lab.gomeet.dev',
    names: { kind: 'Thing', plural: 'things' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};
/** One of it, that only the add-on may let go. */
export const held: KubeObject = {
  apiVersion: 'lab.gomeet.dev/v1',
  kind: 'Thing',
  metadata: { name: 'held', namespace, finalizers: ['lab.gomeet.dev/keep'] },
};
/** Where such an add-on runs. */
export const ofAnAddon: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'of-an-addon' } };
