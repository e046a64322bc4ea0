import { ClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import { ClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import { Role } from 'kubernetes-models/rbac.authorization.k8s.io/v1/Role';
import { RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { platformNamespace } from '../manifests/catalogue/define.ts';
import { responder } from '../manifests/catalogue/responder.ts';
import type { PolicyRule } from './act/define.ts';
import { roleRules } from './act/index.ts';

/** Resources outside any namespace: a Role cannot grant them. */
export const clusterScoped: ReadonlySet<string> = new Set([
  'nodes',
  'namespaces',
  'persistentvolumes',
  'customresourcedefinitions',
]);

/** An object with what every Kubernetes object has. */
interface RoleObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** The responder's service account and what it may do: the verbs that its actions declare, and no other. Throws when an object would be refused. */
export function roleObjects(namespace: string = platformNamespace): readonly RoleObject[] {
  const metadata = { name: responder.name, namespace };
  const subjects = [{ kind: 'ServiceAccount', name: responder.name, namespace }];
  const roleRef = (kind: 'Role' | 'ClusterRole') => ({
    apiGroup: 'rbac.authorization.k8s.io',
    kind,
    name: responder.name,
  });
  const rules = roleRules();
  const objects = [
    // Its pod says for itself that it has a token.
    new ServiceAccount({ metadata, automountServiceAccountToken: false }),
    new Role({ metadata, rules: rules.filter((rule) => !isClusterScoped(rule)).map(plain) }),
    new RoleBinding({ metadata, subjects, roleRef: roleRef('Role') }),
    new ClusterRole({ metadata: { name: responder.name }, rules: rules.filter(isClusterScoped).map(plain) }),
    new ClusterRoleBinding({ metadata: { name: responder.name }, subjects, roleRef: roleRef('ClusterRole') }),
  ];
  for (const object of objects) object.validate();
  return objects.map((object) => {
    const { apiVersion, kind } = object;
    return Object.assign({ apiVersion, kind, metadata: { name: responder.name } }, object.toJSON());
  });
}

function isClusterScoped({ resources }: PolicyRule): boolean {
  return resources.some((resource) => clusterScoped.has(resource));
}

function plain({ apiGroups, resources, resourceNames, verbs }: PolicyRule) {
  return {
    apiGroups: [...apiGroups],
    resources: [...resources],
    ...(resourceNames === undefined ? {} : { resourceNames: [...resourceNames] }),
    verbs: [...verbs],
  };
}
