import type { KubernetesObject } from '@kubernetes/client-node';
import { roleRules } from '../../responders/act/index.ts';
import { createAll, type LabApi, serviceAccountToken } from './api.ts';
import type { ControlPlane } from './control-plane.ts';

const name = 'responder';

/** Gives the responder a service account with the rights its actions declare, no more; returns the path of its kubeconfig. */
export async function grantResponder(plane: ControlPlane, api: LabApi, namespace: string): Promise<string> {
  const token = await serviceAccountToken(api, { namespace, name });
  const rules = roleRules();
  const ofCluster = rules.filter(({ resources }) => resources.includes('nodes'));
  const ofNamespace = rules.filter((rule) => !ofCluster.includes(rule));
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  const group = 'rbac.authorization.k8s.io';
  const objects: readonly (KubernetesObject & Record<string, unknown>)[] = [
    { apiVersion: `${group}/v1`, kind: 'Role', metadata: { name, namespace }, rules: ofNamespace },
    {
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata: { name, namespace },
      subjects,
      roleRef: { apiGroup: group, kind: 'Role', name },
    },
    { apiVersion: `${group}/v1`, kind: 'ClusterRole', metadata: { name }, rules: ofCluster },
    {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      subjects,
      roleRef: { apiGroup: group, kind: 'ClusterRole', name },
    },
  ];
  await createAll(api, objects);
  return plane.kubeconfigFor(name, token);
}
