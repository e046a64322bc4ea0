import { z } from 'zod';
import { findDeployment } from '../rollout/find.ts';
import { resolve, setImage, settled } from '../rollout/steps.ts';
import type { StepKind } from './procedure.ts';
import { defineProcedure } from './procedure.ts';
import { subject } from './roll-out.ts';

const Named = z.object({ workload: z.string() });
const Noted = z.object({ replicas: z.number().int() });

/** Stops every pod. How many there were is stored first: the original came back with one. */
const stopAll: StepKind<{ workload: string }> = {
  input: Named,
  async run({ workload }, { ports, run, memo }) {
    const { spec, metadata } = await findDeployment(ports.objects, workload);
    if (memo === undefined) return { wait: `${spec.replicas} replicas`, memo: { replicas: spec.replicas } };
    if (spec.replicas !== 0)
      await ports.cluster.scale({
        deployment: workload,
        replicas: 0,
        resourceVersion: metadata.resourceVersion,
        runId: run.id,
      });
    const left = (await ports.cluster.read()).pods.filter((pod) => pod.workload === workload);
    return left.length === 0 ? { done: 'no pod is left' } : { wait: `${left.length} pods are stopping` };
  },
  undo: ({ workload }, context) => startAgain(workload, context.memo, context),
};

/** Starts as many as there were. */
const startAll: StepKind<{ workload: string }> = {
  input: Named,
  run: ({ workload }, context) =>
    startAgain(workload, context.earlier.find(({ kind }) => kind === 'stopAll')?.memo, context),
};

async function startAgain(
  workload: string,
  memo: unknown,
  { ports, run }: Parameters<typeof startAll.run>[1],
): ReturnType<typeof startAll.run> {
  const noted = Noted.safeParse(memo);
  if (!noted.success) return { failed: 'how many there were is not known' };
  const { spec, metadata } = await findDeployment(ports.objects, workload);
  const { replicas } = noted.data;
  if (spec.replicas === 0)
    await ports.cluster.scale({
      deployment: workload,
      replicas,
      resourceVersion: metadata.resourceVersion,
      runId: run.id,
    });
  return { done: `${Math.max(spec.replicas, replicas)} replicas are to run` };
}

/** Stop all, then start the new: the service is down in between. For what cannot run in two versions at once. */
export const recreate = defineProcedure({
  name: 'recreate',
  title: 'Recreate',
  params: z
    .object({ workload: z.string(), image: z.string().regex(/^[\w./:@-]{1,255}$/, 'want a tag or an image') })
    .strict(),
  needs: ['cluster'],
  reach: 'platform',
  destructive: true,
  reversal: 'restore',
  waitsFor: ['restartWorkload', 'restartAll', 'rollOut', 'rollBack'],
  rbac: [
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
  ],
  kinds: { resolve, stopAll, setImage, startAll, settled },

  preflight({ workload, image }, { cluster }, { declared }) {
    const about = subject(workload, cluster, declared);
    if ('blocked' in about) return about;
    if (workload === declared.sfu.deployment)
      return { blocked: 'meeting-in-progress', saw: 'stopping every SFU throws everyone out of their meetings' };
    const within = (minutes: number) => minutes * 60_000;
    return {
      ...about,
      steps: [
        { kind: 'resolve', title: `resolve ${image}`, input: { workload, image }, withinMs: within(5) },
        { kind: 'stopAll', title: `stop every pod of ${workload}`, input: { workload }, withinMs: within(15) },
        { kind: 'setImage', title: `give ${workload} the image`, input: { workload }, withinMs: within(5) },
        { kind: 'startAll', title: `start ${workload} again`, input: { workload }, withinMs: within(5) },
        { kind: 'settled', title: 'wait until its pods stay up', input: { workload }, withinMs: within(15) },
      ],
      says: `recreate ${workload} with ${image}: it is down in between`,
    };
  },
});
