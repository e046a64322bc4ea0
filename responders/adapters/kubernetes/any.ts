import type { KubernetesObject } from '@kubernetes/client-node';
import { PatchStrategy } from '@kubernetes/client-node';
import { PortError } from '../../../kernel/errors.ts';
import type { KubeObject, ObjectRef, Objects } from '../../ports.ts';
import { createKubernetesClient, type KubernetesClient, type KubernetesOptions } from './client.ts';
import { listAll } from './list.ts';
import { runIdAnnotation } from './objects.ts';

/** Under which the API server remembers what the responder applied. */
const fieldManager = 'gomeet-sre';

/** Objects of any kind by the API server's own discovery. An object of a kind that the cluster does not know is absent, as one that is not there. */
export class KubernetesObjects implements Objects {
  private readonly client: KubernetesClient;

  constructor(client: KubernetesClient) {
    this.client = client;
  }

  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    return await unlessAbsent(this.call(() => this.client.objects.read(this.head(ref)), true).then(plain));
  }

  async list({ apiVersion, kind, namespace, labelSelector }: Parameters<Objects['list']>[0]) {
    const { objects, namespace: own } = this.client;
    const pages = listAll((page) =>
      this.call(
        () =>
          objects.list(
            apiVersion,
            kind,
            namespace ?? (clusterWide.has(kind) ? undefined : own),
            undefined,
            undefined,
            undefined,
            undefined,
            labelSelector,
            page.limit,
            page._continue,
          ),
        true,
      ),
    );
    // Items of a list come without the kind that the list says once.
    return ((await unlessAbsent(pages)) ?? []).map((item) => ({ ...plain(item), apiVersion, kind }));
  }

  async apply(object: KubeObject, by: { runId: string; force?: boolean }): Promise<KubeObject> {
    const { labels, annotations } = object.metadata;
    const metadata = { ...this.head(object).metadata, ...(labels && { labels }), ...(annotations && { annotations }) };
    const body = stamped({ ...object, metadata }, by.runId);
    return plain(
      await this.call(
        () =>
          this.client.objects.patch(
            body,
            undefined,
            undefined,
            fieldManager,
            by.force ?? false,
            PatchStrategy.ServerSideApply,
          ),
        false,
      ),
    );
  }

  async patch(
    ref: ObjectRef,
    patch: object,
    by: { runId: string; resourceVersion?: string | undefined },
  ): Promise<KubeObject> {
    const head = this.head(ref);
    const given = 'metadata' in patch && typeof patch.metadata === 'object' ? patch.metadata : {};
    const version = by.resourceVersion === undefined ? {} : { resourceVersion: by.resourceVersion };
    const body = stamped({ ...patch, ...head, metadata: { ...given, ...head.metadata, ...version } }, by.runId);
    return plain(
      await this.call(
        () => this.client.objects.patch(body, undefined, undefined, fieldManager, undefined, PatchStrategy.MergePatch),
        false,
      ),
    );
  }

  async remove(ref: ObjectRef, options: { uid?: string; graceSeconds?: number } = {}): Promise<void> {
    const preconditions = options.uid === undefined ? {} : { body: { preconditions: { uid: options.uid } } };
    await unlessAbsent(
      this.call(
        () =>
          this.client.objects.delete(
            this.head(ref),
            undefined,
            undefined,
            options.graceSeconds,
            undefined,
            'Background',
            preconditions.body,
          ),
        false,
      ),
    );
  }

  private head({ apiVersion, kind, ...rest }: ObjectRef | KubeObject) {
    const name = 'metadata' in rest ? rest.metadata.name : rest.name;
    const namespace = 'metadata' in rest ? rest.metadata.namespace : rest.namespace;
    const where = clusterWide.has(kind) ? {} : { namespace: namespace ?? this.client.namespace };
    return { apiVersion, kind, metadata: { name, ...where } };
  }

  private async call<T>(request: () => Promise<T>, again: boolean): Promise<T> {
    try {
      return await this.client.object(request, again);
    } catch (error) {
      // The library's own words for a kind that discovery does not list.
      if (error instanceof PortError && /Unrecognized API version and kind/.test(String(error.cause ?? error.message)))
        throw new PortError('kubernetes', 'not-found', 'the cluster does not know this kind of object');
      throw error;
    }
  }
}

/** The live Objects port. */
export function createKubernetesObjects(options: KubernetesOptions): KubernetesObjects {
  return new KubernetesObjects(createKubernetesClient(options));
}

/** Kinds without a namespace that procedures use. */
const clusterWide: ReadonlySet<string> = new Set([
  'Node',
  'Namespace',
  'PersistentVolume',
  'StorageClass',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
]);

function stamped<T extends { metadata: object }>(object: T, runId: string): T {
  const annotations = 'annotations' in object.metadata ? object.metadata.annotations : undefined;
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...(annotations ?? {}), [runIdAnnotation]: runId } },
  };
}

/** As it came over the wire: the library makes Dates of times. */
function plain(object: KubernetesObject): KubeObject {
  return JSON.parse(JSON.stringify(object));
}

async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof PortError && error.code === 'not-found') return undefined;
    throw error;
  }
}
