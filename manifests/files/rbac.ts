import { ClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import { ClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import { Role } from 'kubernetes-models/rbac.authorization.k8s.io/v1/Role';
import { RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { platformNamespace } from '../catalogue/define.ts';
import type { WorkloadName } from '../catalogue/index.ts';
import { type Context, labels, metadata } from '../objects/context.ts';
import { checked, type KubernetesObject } from '../objects/object.ts';

interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

const read = ['get', 'list', 'watch'];
const rule = (apiGroups: string[], resources: string[], verbs: string[] = read): Rule => ({
  apiGroups,
  resources,
  verbs,
});

/** What an account may do in the namespace, and what beyond it. */
interface Grant {
  readonly namespaced?: readonly Rule[];
  readonly cluster?: readonly Rule[];
}

/** Every account that speaks to the API server, but the responder, whose role is made from its actions. */
export const grants = {
  prometheus: {
    namespaced: [rule([''], ['pods'])],
    // The kubelets' own metrics and cAdvisor's.
    cluster: [rule([''], ['nodes'], ['get', 'list', 'watch']), rule([''], ['nodes/metrics'], ['get'])],
  },
  'kube-state-metrics': {
    cluster: [
      rule(
        [''],
        ['pods', 'nodes', 'namespaces', 'resourcequotas', 'persistentvolumeclaims', 'services'],
        ['list', 'watch'],
      ),
      rule(['apps'], ['deployments', 'daemonsets', 'statefulsets', 'replicasets'], ['list', 'watch']),
      rule(['batch'], ['jobs', 'cronjobs'], ['list', 'watch']),
      rule(['autoscaling'], ['horizontalpodautoscalers'], ['list', 'watch']),
      rule(['policy'], ['poddisruptionbudgets'], ['list', 'watch']),
    ],
  },
  'fluent-bit': { cluster: [rule([''], ['pods', 'namespaces'])] },
  // Its own namespace only: the survey's read every secret of the cluster.
  traefik: {
    namespaced: [
      // Certificate authorities may lie in ConfigMaps, and it takes no route at all before it has seen them.
      rule([''], ['services', 'endpoints', 'secrets', 'configmaps']),
      rule(['discovery.k8s.io'], ['endpointslices']),
      rule(['networking.k8s.io'], ['ingresses']),
      rule(['networking.k8s.io'], ['ingresses/status'], ['update']),
      rule(
        ['traefik.io'],
        [
          'ingressroutes',
          'ingressroutetcps',
          'ingressrouteudps',
          'middlewares',
          'middlewaretcps',
          'tlsoptions',
          'tlsstores',
          'serverstransports',
          'serverstransporttcps',
          'traefikservices',
        ],
      ),
    ],
    cluster: [rule(['networking.k8s.io'], ['ingressclasses']), rule([''], ['nodes'])],
  },
  // Objects and logs of the namespace, for the backup; never secrets.
  backup: {
    namespaced: [
      rule(
        [''],
        ['configmaps', 'services', 'serviceaccounts', 'persistentvolumeclaims', 'resourcequotas', 'limitranges'],
        ['list'],
      ),
      rule([''], ['pods'], ['list']),
      rule([''], ['pods/log'], ['get']),
      rule(['apps'], ['deployments', 'statefulsets', 'daemonsets'], ['list']),
      rule(['batch'], ['cronjobs'], ['list']),
      rule(['policy'], ['poddisruptionbudgets'], ['list']),
      rule(['autoscaling'], ['horizontalpodautoscalers'], ['list']),
      rule(['keda.sh'], ['scaledobjects'], ['list']),
      rule(['networking.k8s.io'], ['networkpolicies', 'ingresses'], ['list']),
      rule(['rbac.authorization.k8s.io'], ['roles', 'rolebindings'], ['list']),
      rule(
        ['traefik.io'],
        ['ingressroutes', 'ingressroutetcps', 'ingressrouteudps', 'middlewares', 'tlsoptions'],
        ['list'],
      ),
      rule(['cert-manager.io'], ['certificates', 'issuers'], ['list']),
      rule(['monitoring.coreos.com'], ['prometheusrules'], ['list']),
    ],
  },
} as const satisfies Partial<Record<WorkloadName, Grant>>;

/** The runbook's gomeet-operator, narrowed: it reads no secrets, and scales and restarts instead of rewriting Deployments. */
const operator: readonly Rule[] = [
  rule([''], ['pods', 'pods/log', 'services', 'configmaps', 'events']),
  rule(['apps'], ['deployments', 'replicasets', 'statefulsets', 'daemonsets']),
  rule(['apps'], ['deployments'], ['patch']),
  rule(['apps'], ['deployments/scale'], ['get', 'patch']),
  rule(['autoscaling'], ['horizontalpodautoscalers']),
];

/** Roles and bindings of all accounts; the accounts stand beside their workloads. */
export function rbacFile(context: Context): readonly KubernetesObject[] {
  return [
    checked(
      new ServiceAccount({ metadata: metadata('gomeet-operator', 'platform'), automountServiceAccountToken: false }),
    ),
    ...namespacedRole('gomeet-operator', operator, 'gomeet-operator-binding'),
    ...Object.entries<Grant>(grants).flatMap(([name, { namespaced = [], cluster = [] }]) => [
      ...(namespaced.length === 0 ? [] : namespacedRole(name, namespaced)),
      ...(cluster.length === 0 ? [] : clusterRole(name, cluster)),
    ]),
    ...context.roles,
  ];
}

function namespacedRole(name: string, rules: readonly Rule[], binding = name): readonly KubernetesObject[] {
  return [
    checked(new Role({ metadata: metadata(name, 'platform'), rules: [...rules] })),
    checked(
      new RoleBinding({
        metadata: metadata(binding, 'platform'),
        subjects: [{ kind: 'ServiceAccount', name, namespace: platformNamespace }],
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      }),
    ),
  ];
}

function clusterRole(name: string, rules: readonly Rule[]): readonly KubernetesObject[] {
  const own = { name: `gomeet-${name}`, labels: labels('platform') };
  return [
    checked(new ClusterRole({ metadata: own, rules: [...rules] })),
    checked(
      new ClusterRoleBinding({
        metadata: own,
        subjects: [{ kind: 'ServiceAccount', name, namespace: platformNamespace }],
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: own.name },
      }),
    ),
  ];
}
