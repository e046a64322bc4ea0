import { z } from 'zod';
import { PortError } from '../../kernel/errors.ts';
import type { StepContext, StepKind } from '../act/procedure.ts';
import { rolledOut } from '../act/restart-workload.ts';
import type { ClusterState } from '../ports.ts';
import type { Run } from '../records.ts';
import { findDeployment, revisionsOf } from './find.ts';
import { mainImage, Template, withImage } from './shapes.ts';

/** Reasons for which a new pod will not come up by waiting. */
const hopeless: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CrashLoopBackOff',
]);
/** LiveKit waits this long for its meetings to end; with less, a rollout cuts them (livekit facts 6: five hours). */
const meetingGraceSeconds = 18_000;

const Named = z.object({ workload: z.string() });

/** What the step `resolve` found, for the steps after it. */
export function resolvedImage({ earlier }: Pick<StepContext, 'earlier'>): string {
  const data = earlier.find(({ kind }) => kind === 'resolve')?.result?.data;
  const image = z.object({ image: z.string() }).safeParse(data);
  if (!image.success) throw new PortError('rollout', 'invalid', 'the image was never resolved');
  return image.data.image;
}

/** Pins the tag to the digest it stands for now, so that what was approved is what runs. A moving tag that cannot be resolved is not rolled out. */
export const resolve: StepKind<{ workload: string; image: string }> = {
  input: Named.extend({ image: z.string() }),
  async run({ workload, image }, { ports }) {
    const current = mainImage((await findDeployment(ports.objects, workload)).spec.template, workload);
    const wanted =
      image.includes('/') || image.includes(':')
        ? image
        : `${current.replace(/@.*$/, '').replace(/:[^/:]*$/, '')}:${image}`;
    const data = (pinned: string, note: string) => ({
      done: `${pinned}${note}`,
      result: { lines: [`runs now: ${current}`, `will run: ${pinned}${note}`], data: { image: pinned, from: current } },
    });
    if (wanted.includes('@sha256:')) return data(wanted, '');
    const moving = /(:latest|:stable|:main)$/.test(wanted) || !wanted.split('/').at(-1)?.includes(':');
    try {
      return data(`${wanted}@${await ports.registry.digest(wanted)}`, '');
    } catch (error) {
      if (!(error instanceof PortError) || error.retryable) throw error;
      if (error.code === 'not-found') return { failed: `the registry has no ${wanted}` };
      return moving
        ? { failed: `${wanted} moves and the registry does not say what it stands for: ${error.message}` }
        : data(wanted, ` (its digest is not known: ${error.message})`);
    }
  },
};

const SetImage = Named.extend({ surge: z.string().optional(), unavailable: z.string().optional() });
const Before = z.object({
  containers: z.array(z.looseObject({ name: z.string(), image: z.string() })),
  strategy: z.unknown(),
});

/** Gives the Deployment its new image. What it ran before is stored first, so that it can go back whatever happens. */
export const setImage: StepKind<z.infer<typeof SetImage>> = {
  input: SetImage,
  async run({ workload, surge, unavailable }, context) {
    const { ports, run, memo } = context;
    const image = resolvedImage(context);
    const now = await findDeployment(ports.objects, workload);
    const { template, strategy } = now.spec;
    if (memo === undefined)
      return {
        wait: `runs ${mainImage(template, workload)}`,
        memo: { containers: template.spec.containers, strategy },
      };
    if (mainImage(template, workload) === image) return { done: `${workload} is to run ${image}` };
    const rolling = {
      ...(surge === undefined ? {} : { maxSurge: amount(surge) }),
      ...(unavailable === undefined ? {} : { maxUnavailable: amount(unavailable) }),
    };
    const containers = withImage(template, workload, image);
    await ports.objects.patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', name: workload },
      {
        spec: {
          ...(Object.keys(rolling).length === 0 ? {} : { strategy: { type: 'RollingUpdate', rollingUpdate: rolling } }),
          template: { spec: { containers } },
        },
      },
      { runId: run.id, resourceVersion: now.metadata.resourceVersion },
    );
    return { done: `${workload} is to run ${image}` };
  },
  async undo({ workload }, { ports, run, memo }) {
    const before = Before.safeParse(memo);
    if (!before.success) return { done: 'it had not been changed' };
    const now = await findDeployment(ports.objects, workload);
    const { containers } = before.data;
    if (JSON.stringify(now.spec.template.spec.containers) === JSON.stringify(containers))
      return { done: 'it runs what it ran before' };
    await ports.objects.patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', name: workload },
      { spec: { strategy: before.data.strategy, template: { spec: { containers } } } },
      { runId: run.id, resourceVersion: now.metadata.resourceVersion },
    );
    return { wait: `goes back to ${mainImage(Template.parse({ metadata: {}, spec: { containers } }), workload)}` };
  },
};

/** `25%` stays a text, `2` becomes a number: Kubernetes tells them apart. */
function amount(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** What a pod of this run is stuck in that waiting cannot cure; undefined when there is none. */
export function hopelessPod({ pods }: ClusterState, workload: string, run: Pick<Run, 'actedAtMs'>): string | undefined {
  const since = (run.actedAtMs ?? 0) - 5_000;
  const dead = pods.find(
    (pod) => pod.workload === workload && pod.createdAtMs >= since && hopeless.has(pod.waitingReason ?? ''),
  );
  return dead === undefined ? undefined : `${dead.name} is in ${dead.waitingReason}`;
}

/** Waits until the new pods are all there and stay up; what waiting cannot cure ends it at once. */
export const settled: StepKind<{ workload: string }> = {
  input: Named,
  async run({ workload }, { ports, run, nowMs }) {
    const cluster = await ports.cluster.read();
    const dead = hopelessPod(cluster, workload, run);
    if (dead !== undefined) return { failed: dead };
    const { verdict, saw } = rolledOut(cluster, workload, nowMs);
    return verdict === 'verified' ? { done: saw } : verdict === 'pending' ? { wait: saw } : { failed: saw };
  },
};

/** An SFU may only be replaced where its pods wait for their meetings to end. */
export const checkDrain: StepKind<{ workload: string }> = {
  input: Named,
  async run({ workload }, { ports }) {
    const { spec } = await findDeployment(ports.objects, workload);
    const grace = spec.template.spec.terminationGracePeriodSeconds;
    return grace >= meetingGraceSeconds
      ? { done: `its pods have ${grace} s for their meetings to end` }
      : {
          failed: `its pods have ${grace} s to stop, meetings need ${meetingGraceSeconds}: people would be thrown out`,
        };
  },
};

const Back = Named.extend({ revision: z.number().int().optional() });

/** Goes back to a revision that Kubernetes still has: the one asked for, else the newest that runs another image than now. */
export const goBack: StepKind<z.infer<typeof Back>> = {
  input: Back,
  async run({ workload, revision }, { ports, run, memo }) {
    const now = await findDeployment(ports.objects, workload);
    const current = mainImage(now.spec.template, workload);
    const chosen = z.object({ revision: z.number(), containers: z.unknown() }).safeParse(memo);
    const revisions = await revisionsOf(ports.objects, workload);
    if (!chosen.success) {
      const target =
        revision === undefined
          ? revisions.find(({ image }) => image !== current)
          : revisions.find((one) => one.revision === revision);
      if (target === undefined)
        return {
          failed: `no such revision; there are ${revisions.map((one) => `${one.revision} (${one.image})`).join(', ') || 'none'}`,
        };
      return {
        wait: `revision ${target.revision}, ${target.image}`,
        memo: { revision: target.revision, containers: now.spec.template.spec.containers },
      };
    }
    const target = revisions.find((one) => one.revision === chosen.data.revision);
    // Once it is rolled back to, Kubernetes gives the old revision a new number.
    if (target === undefined || now.metadata.annotations['gomeet.dev/run-id'] === run.id)
      return { done: `${workload} is to run ${current} again` };
    const { 'pod-template-hash': _hash, ...labels } = target.template.metadata.labels;
    await ports.objects.patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', name: workload },
      { spec: { template: { ...target.template, metadata: { ...target.template.metadata, labels } } } },
      { runId: run.id, resourceVersion: now.metadata.resourceVersion },
    );
    return { done: `${workload} is to run ${target.image} again, revision ${target.revision}` };
  },
};
