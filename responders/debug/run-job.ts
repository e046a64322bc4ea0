import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import type { Objects } from '../ports.ts';
import { type DebugJob, debugJob } from './job.ts';

const DebugPod = z.object({
  metadata: z.object({ name: z.string() }),
  status: z
    .object({
      phase: z.string().default('Pending'),
      conditions: z
        .array(z.object({ type: z.string(), reason: z.string().default(''), message: z.string().default('') }))
        .default([]),
      containerStatuses: z
        .array(
          z.object({
            state: z
              .object({
                running: z.object({}).optional(),
                waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).optional(),
                terminated: z.object({ exitCode: z.number(), message: z.string().default('') }).optional(),
              })
              .prefault({}),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

/** What came of it: how it ended, or why it did not begin. */
export type DebugOutcome =
  | { readonly kind: 'ended'; readonly ok: boolean; readonly says: string }
  | { readonly kind: 'not-begun'; readonly says: string };

/** Waiting for these ends only when somebody does something. */
const hopeless = /^(ErrImagePull|ImagePullBackOff|InvalidImageName|CreateContainerConfigError)$/;
const lookEveryMs = 500;

/** The pod of a debug Job; undefined while there is none. */
export async function debugPod(objects: Objects, name: string) {
  const [found] = await objects.list({ apiVersion: 'v1', kind: 'Pod', labelSelector: `job-name=${name}` });
  if (found === undefined) return undefined;
  const { metadata, status } = DebugPod.parse(found);
  return {
    name: metadata.name,
    phase: status.phase,
    state: status.containerStatuses[0]?.state,
    conditions: status.conditions,
  };
}

/** Makes the Job, waits for its end and takes it away, whatever happens. Throws a PortError when the API server cannot be reached or refuses. */
export async function runDebugJob(
  objects: Objects,
  job: DebugJob,
  { clock, signal, runId }: { clock: Clock; signal: AbortSignal; runId: string },
): Promise<DebugOutcome> {
  await objects.apply(debugJob(job), { runId });
  try {
    const endMs = clock.now() + job.seconds * 1_000;
    let waits = 'its pod was not made';
    while (clock.now() < endMs && !signal.aborted) {
      const pod = await debugPod(objects, job.name);
      const { terminated, waiting, running } = pod?.state ?? {};
      if (terminated !== undefined)
        return { kind: 'ended', ok: terminated.exitCode === 0, says: terminated.message.trim() };
      const unscheduled = pod?.conditions.find(({ reason }) => reason === 'Unschedulable');
      if (waiting !== undefined && hopeless.test(waiting.reason))
        return { kind: 'not-begun', says: `${waiting.reason}: ${waiting.message}` };
      if (pod !== undefined)
        waits =
          unscheduled?.message ?? waiting?.reason ?? (running === undefined ? `its pod is ${pod.phase}` : 'it runs');
      await clock.sleep(lookEveryMs, signal);
    }
    return { kind: 'not-begun', says: signal.aborted ? 'interrupted' : `not over after ${job.seconds} s: ${waits}` };
  } finally {
    await objects.remove({ apiVersion: 'batch/v1', kind: 'Job', name: job.name });
  }
}
