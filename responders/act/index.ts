import type { ActionName } from '../../alerts/vocabulary.ts';
import { autoscalePool } from './autoscale-pool.ts';
import { checkHealth } from './check-health.ts';
import { createAutoscaler } from './create-autoscaler.ts';
import type { Action, PolicyRule } from './define.ts';
import { deletePod, forceDeletePod } from './delete-pod.ts';
import { deleteVolume } from './delete-volume.ts';
import { drainSfu } from './drain-sfu.ts';
import { editConfig } from './edit-config.ts';
import { liftLockdown, lockDown } from './lock-down.ts';
import { promoteReplica, restoreManaged } from './managed-database.ts';
import { escalate, openIncident } from './people.ts';
import { raiseNodePool } from './raise-node-pool.ts';
import { recreate } from './recreate.ts';
import { repairDns, repairFirewall } from './repair-edge.ts';
import { respondToOutage } from './respond-to-outage.ts';
import { restartAll } from './restart-all.ts';
import { restartWorkload } from './restart-workload.ts';
import { restoreOverProduction } from './restore-backup.ts';
import { rollBack, rollOut } from './roll-out.ts';
import { rotateSecrets } from './rotate-secrets.ts';
import { runBackup } from './run-backup.ts';
import { runRoutine } from './run-routine.ts';
import { scaleSfu } from './scale-sfu.ts';
import { lapseScale, scaleWorkload } from './scale-workload.ts';
import { setResources } from './set-resources.ts';
import { silenceAlert } from './silence-alert.ts';
import { troubleshoot } from './troubleshoot.ts';

/** Every action that a runbook may name; one without an implementation does not compile. */
export const actions = {
  scaleSfu,
  drainSfu,
  restartWorkload,
  restartAll,
  runRoutine,
  troubleshoot,
  setResources,
  deletePod,
  forceDeletePod,
  editConfig,
  repairDns,
  repairFirewall,
  createAutoscaler,
  autoscalePool,
  scaleWorkload,
  lapseScale,
  rollOut,
  rollBack,
  recreate,
  checkHealth,
  runBackup,
  rotateSecrets,
  lockDown,
  liftLockdown,
  promoteReplica,
  restoreManaged,
  restoreOverProduction,
  respondToOutage,
  raiseNodePool,
  deleteVolume,
  silenceAlert,
  openIncident,
  escalate,
} satisfies {
  readonly [Name in ActionName]: Action & { readonly name: Name };
};

/** What the evidence that goes with a thread needs to be read. */
const evidenceRules: readonly PolicyRule[] = [
  { apiGroups: [''], resources: ['events'], verbs: ['list'] },
  { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
  { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list'] },
];

/** The responder's Role: the union of what its actions declare, one rule a resource, nothing else. */
export function roleRules(): PolicyRule[] {
  const verbs = new Map<string, Set<string>>();
  for (const rule of [...Object.values(actions).flatMap((action: Action) => action.rbac), ...evidenceRules])
    for (const group of rule.apiGroups)
      for (const resource of rule.resources) {
        // A rule for named objects alone stays one: merged with others it would grant all of them.
        const key = `${group}/${resource}/${(rule.resourceNames ?? []).join(',')}`;
        verbs.set(key, new Set([...(verbs.get(key) ?? []), ...rule.verbs]));
      }
  return [...verbs]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([key, all]) => {
      const at = key.indexOf('/');
      const end = key.lastIndexOf('/');
      const names = key.slice(end + 1);
      return {
        apiGroups: [key.slice(0, at)],
        resources: [key.slice(at + 1, end)],
        ...(names === '' ? {} : { resourceNames: names.split(',') }),
        verbs: [...all].sort(),
      };
    });
}
