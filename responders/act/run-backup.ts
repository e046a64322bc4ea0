import { z } from 'zod';
import { duration, toMs } from '../../kernel/duration.ts';
import { usd } from '../../kernel/money.ts';
import { touchesNothing } from './define.ts';
import { defineProcedure, type StepKind } from './procedure.ts';

const cronJob = 'backup';
const None = z.object({}).strict();
const CronJob = z.looseObject({
  metadata: z.looseObject({ name: z.string(), uid: z.string() }),
  spec: z.looseObject({
    jobTemplate: z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()).optional() }).optional(),
      spec: z.looseObject({}),
    }),
  }),
});
const Job = z.looseObject({
  status: z
    .looseObject({
      conditions: z
        .array(z.looseObject({ type: z.string(), status: z.string(), message: z.string().optional() }))
        .optional(),
    })
    .optional(),
});

const jobName = (runId: string) => `${cronJob}-run-${runId}`;
const jobRef = (runId: string) => ({ apiVersion: 'batch/v1', kind: 'Job', name: jobName(runId) });

/** The Job bears the run's id: asked again after a kill, it is the one that is there. */
const start: StepKind<object> = {
  input: None,
  async run(_input, { ports: { objects }, run }) {
    const found = await objects.get({ apiVersion: 'batch/v1', kind: 'CronJob', name: cronJob });
    if (found === undefined)
      return {
        failed: `there is no CronJob ${cronJob} here: gomeet deploy makes it, and gomeet backup create needs none`,
      };
    const { metadata, spec } = CronJob.parse(found);
    await objects.apply(
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: {
          name: jobName(run.id),
          labels: spec.jobTemplate.metadata?.labels ?? {},
          // As `kubectl create job --from` has it: its success is the CronJob's, which is what the alerts look at.
          ownerReferences: [
            { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata.name, uid: metadata.uid, controller: true },
          ],
        },
        spec: spec.jobTemplate.spec,
      },
      { runId: run.id },
    );
    return { done: `Job ${jobName(run.id)} is started` };
  },
};

const wait: StepKind<object> = {
  input: None,
  async run(_input, { ports: { objects }, run }) {
    const found = await objects.get(jobRef(run.id));
    if (found === undefined) return { failed: `Job ${jobName(run.id)} is gone: nobody knows how it went` };
    const is = (type: string) =>
      Job.parse(found).status?.conditions?.find((one) => one.type === type && one.status === 'True');
    const failed = is('Failed');
    if (failed !== undefined)
      return { failed: `${failed.message ?? 'it failed'}: kubectl logs job/${jobName(run.id)} says why` };
    return is('Complete') === undefined
      ? { wait: `Job ${jobName(run.id)} is under way` }
      : { done: 'the backup is made, or last night’s was there already; gomeet backup list shows it' };
  },
};

/** Makes a backup in the cluster now, by the CronJob's own template and account: neither the responder nor whoever asks needs a key of it. */
export const runBackup = defineProcedure({
  name: 'runBackup',
  title: 'Back up',
  params: None,
  needs: [],
  // It changes nothing that people use: a freeze keeps nobody from a backup.
  reach: 'alerts',
  destructive: false,
  reversal: 'none',
  waitsFor: ['runBackup', 'restoreOverProduction'],
  rbac: [
    { apiGroups: ['batch'], resources: ['cronjobs'], verbs: ['get'] },
    { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'create', 'patch'] },
  ],
  kinds: { start, wait },
  preflight: () => ({
    target: `cronjob/${cronJob}`,
    steps: [
      { kind: 'start', title: 'start the backup', input: {}, withinMs: toMs(duration('5m')) },
      { kind: 'wait', title: 'see it end', input: {}, withinMs: toMs(duration('4h')) },
    ],
    says: 'make a backup now',
    touches: touchesNothing,
    costPerHour: usd(0),
  }),
});
