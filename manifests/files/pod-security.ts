import { ValidatingAdmissionPolicy } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy';
import { ValidatingAdmissionPolicyBinding } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding';
import { platformNamespace, type Workload } from '../catalogue/define.ts';
import { type Context, labels } from '../objects/context.ts';
import { checked, type KubernetesObject } from '../objects/object.ts';

/** Name of the policy and of its binding. */
export const podSecurityPolicy = 'gomeet-pod-security';

/** Workloads that are not held to the restricted profile. */
export function privileged(workloads: readonly Workload[]): readonly Workload[] {
  return workloads.filter(({ privilege }) => privilege !== undefined);
}

const containers = '(object.spec.containers + object.spec.?initContainers.orValue([]))';

/** What must hold of a pod: the parts of the restricted profile, and the runbook's uid and gid and read-only root. */
const demands: readonly (readonly [string, string])[] = [
  ['!object.spec.?hostNetwork.orValue(false)', "a pod may not use the node's network"],
  [
    '!object.spec.?hostPID.orValue(false) && !object.spec.?hostIPC.orValue(false)',
    "a pod may not see the node's processes",
  ],
  ['object.spec.?volumes.orValue([]).all(v, !has(v.hostPath))', "a pod may not mount the node's folders"],
  [
    'object.spec.?securityContext.runAsNonRoot.orValue(false) && object.spec.?securityContext.runAsUser.orValue(0) == 1000 && object.spec.?securityContext.runAsGroup.orValue(0) == 1000 && object.spec.?securityContext.fsGroup.orValue(0) == 1000',
    'a pod runs as user, group and fsGroup 1000',
  ],
  [
    "object.spec.?securityContext.seccompProfile.type.orValue('') == 'RuntimeDefault'",
    "a pod has the runtime's seccomp profile",
  ],
  [
    `${containers}.all(c, c.?securityContext.readOnlyRootFilesystem.orValue(false) && !c.?securityContext.allowPrivilegeEscalation.orValue(true) && !c.?securityContext.privileged.orValue(false))`,
    'a container has a read-only root and cannot escalate',
  ],
  [
    `${containers}.all(c, c.?securityContext.capabilities.drop.orValue([]).exists(d, d == 'ALL') && c.?securityContext.capabilities.add.orValue([]).size() == 0)`,
    'a container drops all capabilities',
  ],
];

/**
 * Holds every pod of the namespace but the listed ones to the restricted profile. Pod Security admission knows only whole namespaces, and the SFU
 * needs the host's network in this one.
 */
export function podSecurityFile({ environment }: Context): readonly KubernetesObject[] {
  const excepted = privileged(environment.workloads).map(({ name }) => name);
  const named = { name: podSecurityPolicy, labels: labels('platform') };
  return [
    checked(
      new ValidatingAdmissionPolicy({
        metadata: named,
        spec: {
          failurePolicy: 'Fail',
          matchConstraints: {
            resourceRules: [
              { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] },
            ],
          },
          matchConditions: [
            {
              name: 'not-excepted',
              expression: `!(object.spec.?serviceAccountName.orValue('') in ${JSON.stringify(excepted).replaceAll('"', "'")})`,
            },
          ],
          validations: demands.map(([expression, message]) => ({ expression, message })),
        },
      }),
    ),
    checked(
      new ValidatingAdmissionPolicyBinding({
        metadata: named,
        spec: {
          policyName: named.name,
          validationActions: ['Deny'],
          matchResources: {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': platformNamespace } },
          },
        },
      }),
    ),
  ];
}
