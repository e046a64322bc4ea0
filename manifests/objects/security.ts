import type { IIoK8sApiCoreV1PodSecurityContext } from 'kubernetes-models/v1/PodSecurityContext';
import type { IIoK8sApiCoreV1SecurityContext } from 'kubernetes-models/v1/SecurityContext';
import type { Workload } from '../catalogue/define.ts';

/** User and group of every pod that is not excepted (operations runbook, pod security). */
export const podUser = 1_000;

/** The restricted profile, as 1000:1000; an excepted workload is another user where it must be, and keeps the rest. */
export function podSecurity({ privilege }: Workload): IIoK8sApiCoreV1PodSecurityContext {
  const user = privilege?.user ?? podUser;
  return {
    runAsNonRoot: user !== 0,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** Nothing to escalate with, nothing to write to but what is mounted. */
export function containerSecurity({ privilege }: Workload): IIoK8sApiCoreV1SecurityContext {
  const added = privilege?.capabilities ?? [];
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'], ...(added.length === 0 ? {} : { add: [...added] }) },
  };
}
