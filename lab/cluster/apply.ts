import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { z } from 'zod';
import type { ControlPlane } from './control-plane.ts';

/** An object as it is written: the client library would leave out what its own classes call by another name, such as `from`. */
export interface WrittenObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
}

/** Applies objects as `kubectl apply --server-side --validate=strict` does: an unknown field is an error. */
export interface Applier {
  /** With `dryRun` the API server does everything but keep it. */
  apply(object: WrittenObject, options?: { readonly dryRun: boolean }): Promise<void>;
}

const Resources = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

/** Connects as the administrator. */
export async function openApplier(plane: ControlPlane): Promise<Applier> {
  const ca = await readFile(plane.caFile);
  const groups = new Map<string, Promise<z.infer<typeof Resources>>>();

  async function call(method: string, path: string, body?: string): Promise<string> {
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const sent = request(
        `${plane.url}${path}`,
        {
          method,
          ca,
          agent: false,
          headers: {
            authorization: `Bearer ${plane.adminToken}`,
            accept: 'application/json',
            ...(body === undefined ? {} : { 'content-type': 'application/apply-patch+yaml' }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 600)}`);
    return text;
  }

  async function resourceOf(apiVersion: string, kind: string) {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const known = groups.get(root) ?? call('GET', root).then((text) => Resources.parse(JSON.parse(text)));
    groups.set(root, known);
    const resource = (await known).resources.find((one) => one.kind === kind && !one.name.includes('/'));
    if (resource === undefined) throw new Error(`${apiVersion} has no ${kind}`);
    return { root, ...resource };
  }

  return {
    async apply(object, { dryRun } = { dryRun: false }) {
      const { name, namespace } = object.metadata;
      const { root, name: plural, namespaced } = await resourceOf(object.apiVersion, object.kind);
      const folder = namespaced ? `${root}/namespaces/${namespace ?? 'default'}/${plural}` : `${root}/${plural}`;
      await call(
        'PATCH',
        `${folder}/${name}?fieldManager=lab&force=true&fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`,
        JSON.stringify(object),
      );
    },
  };
}
