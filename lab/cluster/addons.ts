import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { z } from 'zod';
import { type Addon, released } from '../../manifests/addons/index.ts';
import { type LabApi, serviceAccountToken, unlessStatus } from './api.ts';
import type { ControlPlane } from './control-plane.ts';

const Pods = z.object({
  template: z.object({
    spec: z.object({ serviceAccountName: z.string(), containers: z.array(z.object({ args: z.array(z.string()) })) }),
  }),
});

/** The arguments that an add-on has in production, but for those that its place in the lab wants otherwise. */
export function argumentsOf(addon: Addon['name'], deployment: string, own: Readonly<Record<string, string>>): string[] {
  const found = released(addon).find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === deployment);
  const { args = [] } = Pods.parse(found?.['spec']).template.spec.containers[0] ?? {};
  const kept = args.filter(
    (arg) => !Object.keys(own).some((name) => arg === `--${name}` || arg.startsWith(`--${name}=`)),
  );
  return [...kept, ...Object.entries(own).map(([name, value]) => `--${name}=${value}`)];
}

/** A kubeconfig with the rights of an add-on's own service account, which its objects gave it. */
export async function kubeconfigOf(
  plane: ControlPlane,
  api: LabApi,
  account: { readonly namespace: string; readonly name: string },
): Promise<string> {
  return plane.kubeconfigFor(account.name, await serviceAccountToken(api, account));
}

/** Sends an API of an add-on's to a process on this machine: its Service becomes a name for loopback, since no proxy of the lab knows cluster addresses. */
export async function serveApi(
  api: LabApi,
  at: { readonly apiService: string; readonly namespace: string; readonly service: string; readonly port: number },
): Promise<void> {
  const { apiService, namespace, service, port } = at;
  await unlessStatus(404, api.core.deleteNamespacedService({ name: service, namespace }));
  const spec = { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] };
  await api.core.createNamespacedService({ namespace, body: { metadata: { name: service, namespace }, spec } });
  const body = { spec: { service: { port } } };
  await api.apis.patchAPIService(
    { name: apiService, body },
    setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
  );
}

/** Whether the API server can reach an API that it does not serve itself. */
export async function apiAvailable(api: LabApi, name: string): Promise<boolean> {
  const { status } = await api.apis.readAPIService({ name });
  return status?.conditions?.some(({ type, status: is }) => type === 'Available' && is === 'True') ?? false;
}
