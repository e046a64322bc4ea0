import type { KubeObject, Ref } from './object.ts';

/** Where a kubeconfig points. */
export interface Whereabouts {
  readonly context: string;
  readonly cluster: string;
  readonly server: string;
}

/** How an object is applied. */
export interface ApplyOptions {
  /** Field manager: the API server remembers which fields are whose. */
  readonly manager: string;
  /** Whether fields of other managers are taken over; without it a conflict is a PortError. */
  readonly force: boolean;
  readonly dryRun?: boolean;
}

/** What a person wants to know of a workload that does not get ready. */
export interface Trouble {
  readonly events: readonly string[];
  readonly logLines: readonly string[];
}

/** The API server as deployment uses it. All throw PortErrors. */
export interface Kube {
  readonly where: Whereabouts;
  /** Undefined where there is no such object, or nobody serves its kind. */
  get(ref: Ref): Promise<KubeObject | undefined>;
  /** Empty where nobody serves the kind. */
  list(kind: Pick<Ref, 'apiVersion' | 'kind' | 'namespace'>, labelSelector?: string): Promise<readonly KubeObject[]>;
  /** Whether the API server knows the kind now: a definition that was applied a moment ago takes one. */
  serves(kind: Pick<Ref, 'apiVersion' | 'kind'>): Promise<boolean>;
  /** Server-side apply; the answer is the object as it is then, or would be. */
  apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject>;
  /** Makes an object; a PortError (conflict) where it is there already. */
  create(object: KubeObject): Promise<KubeObject>;
  /** Writes an object whole, if it still has the resource version it was read with. */
  replace(object: KubeObject): Promise<KubeObject>;
  /** Replaces one field if the object still has that resource version. */
  setField(ref: Ref, path: string, value: unknown, resourceVersion: string): Promise<void>;
  /** Deletes that very object, not another of the same name; one that is gone is fine. */
  remove(ref: Ref, uid: string): Promise<void>;
  /** Events and last log lines of a workload; empty where they cannot be had. */
  trouble(workload: string): Promise<Trouble>;
}
