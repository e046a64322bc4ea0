import { z } from 'zod';

const Shape = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** A Kubernetes object as plain data, ready to be written or applied. */
export type KubernetesObject = z.infer<typeof Shape>;

/** A typed object as plain data; throws when the schema of its kind would refuse it, or when it has no name. */
export function checked(model: { validate(): void; toJSON(): unknown }): KubernetesObject {
  model.validate();
  return Shape.parse(JSON.parse(JSON.stringify(model.toJSON())));
}

/** An object of a kind that no package types; it is checked against its own schema by a test. */
export function untyped(object: unknown): KubernetesObject {
  return Shape.parse(object);
}

/** Cores or GiB as Kubernetes writes them, without losing thousandths. */
export function cpu(cores: number): string {
  return Number.isInteger(cores) ? `${cores}` : `${Math.round(cores * 1_000)}m`;
}

/** GiB as Kubernetes writes them. */
export function memory(gib: number): string {
  return Number.isInteger(gib) ? `${gib}Gi` : `${Math.round(gib * 1_024)}Mi`;
}
