import { z } from 'zod';

const labels = z.record(z.string(), z.string()).default({});
const container = z.looseObject({ name: z.string(), image: z.string() });

/** A pod template, of which all that is not named is kept as it is. */
export const Template = z.looseObject({
  metadata: z.looseObject({ labels, annotations: z.record(z.string(), z.string()).optional() }),
  spec: z.looseObject({
    containers: z.array(container).min(1),
    terminationGracePeriodSeconds: z.number().default(30),
  }),
});
export type Template = z.infer<typeof Template>;

/** A Deployment as a rollout needs it. */
export const DeploymentShape = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    uid: z.string().default(''),
    resourceVersion: z.string().default(''),
    labels,
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.looseObject({
    replicas: z.number().default(1),
    selector: z.looseObject({ matchLabels: labels }),
    strategy: z.looseObject({ type: z.string().optional() }).prefault({}),
    template: Template,
  }),
});
export type DeploymentShape = z.infer<typeof DeploymentShape>;

/** A ReplicaSet: one revision of a Deployment. */
export const ReplicaSetShape = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    creationTimestamp: z.string().optional(),
    annotations: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).default([]),
  }),
  spec: z.looseObject({ replicas: z.number().default(0), template: Template }),
});

/** A Service as a switch of traffic needs it. */
export const ServiceShape = z.looseObject({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string().default('') }),
  spec: z.looseObject({
    selector: labels,
    ports: z.array(z.looseObject({ port: z.number(), name: z.string().optional() })).default([]),
  }),
});

/** The container that is the workload itself: the one of its name, else the first. */
export function mainImage({ spec }: Template, workload: string): string {
  return (spec.containers.find(({ name }) => name === workload) ?? spec.containers[0])?.image ?? '';
}

/** The containers with another image for the workload's own. */
export function withImage({ spec }: Template, workload: string, image: string): Template['spec']['containers'] {
  const main = spec.containers.find(({ name }) => name === workload) ?? spec.containers[0];
  return spec.containers.map((one) => (one === main ? { ...one, image } : one));
}
