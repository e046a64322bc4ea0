import { platformNamespace, type Workload } from '../catalogue/define.ts';
import type { WorkloadName } from '../catalogue/index.ts';
import type { Environment } from '../environments/define.ts';
import type { KubernetesObject } from './object.ts';

/** What rooms below this one add to the objects: configuration made from alerts and boards, and roles made from actions. */
export interface RenderInputs {
  /** Tag of the bundle's own image, and of the product's services where nothing else is said. */
  readonly release: string;
  readonly servicesRelease?: string;
  /** Files of a ConfigMap, by its name. */
  readonly configuration: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The responder's account and roles. */
  readonly roles: readonly KubernetesObject[];
}

/** What each file is rendered from. */
export interface Context extends RenderInputs {
  readonly environment: Environment;
}

/** What every object bears. */
export function labels(component: string, app?: string): Record<string, string> {
  return {
    ...(app === undefined ? {} : { app }),
    component,
    provider: 'digitalocean',
    'app.kubernetes.io/part-of': 'gomeet',
    'app.kubernetes.io/managed-by': 'gomeet-sre',
  };
}

/** Name, namespace and labels of an object of the platform. */
export function metadata(name: string, component: string, app?: string) {
  return { name, namespace: platformNamespace, labels: labels(component, app) };
}

/** The workload as the environment has it; throws for one it does not run, which is a fault of the caller. */
export function workloadOf({ environment }: Context, name: WorkloadName): Workload {
  const found = environment.workloads.find((workload) => workload.name === name);
  if (found === undefined) throw new TypeError(`${environment.name} does not run ${name}`);
  return found;
}
