import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { platformFiles } from '../../../cli/deploy/platform.ts';
import { fieldOf } from '../../../deploy/kube/object.ts';
import { platformNamespace } from '../../../manifests/catalogue/define.ts';
import { environments } from '../../../manifests/environments/index.ts';
import { declareInfrastructure } from '../../../manifests/infrastructure/declare.ts';

/** Number in the platform survey's list, what was wrong, and what shows that it is not any more. */
export type Defect = readonly [number: number, was: string, check: () => unknown];

export const namespace = platformNamespace;
export const { production, readme, documented, staging } = environments;
export const { workloads } = production;
export const objects = platformFiles('production').flatMap((file) => file.objects);
export const ours = objects.filter((object) => object.metadata.namespace === namespace);
export const ofKind = (...kinds: readonly string[]) => ours.filter(({ kind }) => kinds.includes(kind));
export const named = (kind: string, name: string) =>
  ofKind(kind).find(({ metadata }) => metadata.name === name) ?? assert.fail(`${kind} ${name}`);
export const podOf = (object: object | undefined) => fieldOf(object, 'spec', 'template', 'spec');
export const pods = ofKind('Deployment', 'StatefulSet', 'DaemonSet').map((object) => ({ object, pod: podOf(object) }));
export const containersOf = (pod: unknown) => listOf(fieldOf(pod, 'containers'));
export const containers = pods.flatMap(({ pod }) => containersOf(pod));
export const text = JSON.stringify(objects);
export const environmentNames = containers.flatMap((one) =>
  listOf(fieldOf(one, 'env')).map((env) => String(fieldOf(env, 'name'))),
);
export const balancers = ofKind('Service').filter((one) => fieldOf(one, 'spec', 'type') === 'LoadBalancer');
export const livekit = parse(String(fieldOf(named('ConfigMap', 'livekit-config'), 'data', 'livekit.yaml')));
export const infrastructure = declareInfrastructure(production);

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
