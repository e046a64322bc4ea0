import { CronJob } from 'kubernetes-models/batch/v1/CronJob';
import { type Context, metadata, workloadOf } from '../objects/context.ts';
import { checked, type KubernetesObject } from '../objects/object.ts';
import { podTemplate } from '../objects/pod.ts';
import { account } from '../objects/workload.ts';

/** The nightly backup, 02:00 as the original schedule had it; never two at once, and one that was missed is made good within four hours. */
export function backupFile(context: Context): readonly KubernetesObject[] {
  const workload = workloadOf(context, 'backup');
  const template = podTemplate(context, workload, { env: { GOMEET_ENVIRONMENT: context.environment.name } });
  return [
    account(workload),
    checked(
      new CronJob({
        metadata: metadata(workload.name, workload.owner, workload.name),
        spec: {
          schedule: '0 2 * * *',
          timeZone: 'Etc/UTC',
          concurrencyPolicy: 'Forbid',
          startingDeadlineSeconds: 14_400,
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 3,
          jobTemplate: {
            spec: {
              backoffLimit: 2,
              activeDeadlineSeconds: 14_400,
              template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } },
            },
          },
        },
      }),
    ),
  ];
}
