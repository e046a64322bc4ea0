import { z } from 'zod';
import { type Addon, released } from '../addons/index.ts';
import type { Workload } from '../catalogue/define.ts';
import { type Context, labels } from '../objects/context.ts';
import { cpu, type KubernetesObject, memory } from '../objects/object.ts';
import { placement } from '../objects/placement.ts';

const Pods = z.looseObject({
  template: z.looseObject({
    spec: z.looseObject({
      nodeSelector: z.record(z.string(), z.string()).optional(),
      containers: z.array(z.looseObject({ env: z.array(z.looseObject({ name: z.string() })).optional() })),
    }),
  }),
});

/** The objects of an add-on as the environment runs them: on the nodes of its pool, with what the catalogue has it ask for, in a namespace held to the restricted profile. */
export function addonFile(name: Addon['name']): (context: Context) => readonly KubernetesObject[] {
  return (context) =>
    released(name).map((object) => {
      if (object.kind === 'Namespace') return restricted(object);
      if (object.kind !== 'Deployment') return object;
      return placed(object, context);
    });
}

function restricted(namespace: KubernetesObject): KubernetesObject {
  const own = { ...labels('platform'), 'pod-security.kubernetes.io/enforce': 'restricted' };
  const before = z.record(z.string(), z.string()).optional().parse(namespace.metadata['labels']);
  return { ...namespace, metadata: { ...namespace.metadata, labels: { ...before, ...own } } };
}

function placed(deployment: KubernetesObject, { environment }: Context): KubernetesObject {
  const { name } = deployment.metadata;
  const workload = environment.workloads.find((one) => one.name === name && one.rendered === 'upstream');
  if (workload === undefined) throw new TypeError(`the catalogue does not have ${name} of an add-on`);
  const spec = Pods.parse(deployment['spec']);
  const { template } = spec;
  return {
    ...deployment,
    spec: {
      ...spec,
      replicas: workload.replicas,
      template: {
        ...template,
        spec: {
          ...template.spec,
          nodeSelector: { ...template.spec.nodeSelector, ...placement(environment, workload).nodeSelector },
          // Without them nothing scales and no certificate renews: they come before whatever else wants the node.
          priorityClassName: 'system-cluster-critical',
          containers: template.spec.containers.map((container) => asks(container, workload)),
        },
      },
    },
  };
}

function asks(
  container: z.infer<typeof Pods>['template']['spec']['containers'][number],
  { image, requests, limits, namespace }: Workload,
): object {
  return {
    ...container,
    image,
    imagePullPolicy: 'IfNotPresent',
    resources: {
      requests: { cpu: cpu(requests.cpuCores), memory: memory(requests.memoryGib) },
      limits: { memory: memory(limits?.memoryGib ?? requests.memoryGib) },
    },
    ...(namespace === 'keda' && container.env !== undefined
      ? {
          env: container.env.map((one) => (one.name === 'WATCH_NAMESPACE' ? { name: one.name, value: 'gomeet' } : one)),
        }
      : {}),
  };
}
