/** A Kubernetes object as JSON, whatever its kind. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly [field: string]: unknown;
}

/** What of an object's metadata is looked at. */
export interface Metadata {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly controller?: boolean }[];
  readonly [field: string]: unknown;
}

/** Which object is meant. */
export interface Ref {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** One file of the rendered environment, with its objects in order. */
export interface ObjectFile {
  readonly path: string;
  readonly objects: readonly KubeObject[];
}

/** The reference to an object. */
export function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): Ref {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** A reference as one word: by it objects are compared. The version is left out, since an object may be read under several. */
export function keyOf({ apiVersion, kind, name, namespace = '' }: Ref): string {
  return `${groupOf(apiVersion)}/${kind}/${namespace}/${name}`;
}

/** A reference as people read it. */
export function nameOf({ kind, name, namespace }: Ref): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** The group in an apiVersion; empty for the core one. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** Whether an add-on serves the kind, and not Kubernetes itself, whose groups have no dot or end with `.k8s.io`. */
export function isCustom({ apiVersion }: Pick<Ref, 'apiVersion'>): boolean {
  const group = groupOf(apiVersion);
  return group.includes('.') && !group.endsWith('.k8s.io');
}

/** A field of an object by its path; undefined where anything on the way is missing. */
export function fieldOf(object: unknown, ...path: readonly string[]): unknown {
  let value = object;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

/** Whether a value is a map of fields. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a condition of an object stands at True. */
export function isTrue(object: unknown, type: string): boolean {
  const conditions = fieldOf(object, 'status', 'conditions');
  return (
    Array.isArray(conditions) &&
    conditions.some((one) => fieldOf(one, 'type') === type && fieldOf(one, 'status') === 'True')
  );
}
