import { responder } from '../../manifests/catalogue/responder.ts';
import { roleObjects } from '../../responders/role.ts';
import { createAll, type LabApi, serviceAccountToken } from './api.ts';
import type { ControlPlane } from './control-plane.ts';

/** Gives the responder the service account and the rights that `gomeet build` writes for it, no more; returns the path of its kubeconfig. */
export async function grantResponder(plane: ControlPlane, api: LabApi, namespace: string): Promise<string> {
  const { name } = responder;
  await createAll(api, roleObjects(namespace));
  return plane.kubeconfigFor(name, await serviceAccountToken(api, { namespace, name }));
}
