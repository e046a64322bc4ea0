import { z } from 'zod';
import type { StepContext, StepKind } from '../act/procedure.ts';
import { httpBounds, judgeVersion, sfuBounds } from './verdict.ts';
import { minWindowSeconds, type Side, watch } from './watch.ts';

const SideShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('http'), service: z.string() }),
  z.object({ kind: z.literal('sfu'), deployment: z.string(), without: z.string().optional() }),
]);
const Soak = z.object({
  fresh: SideShape,
  /** The version it is compared with; undefined compares with the same series before the step began. */
  stable: SideShape.optional(),
  forMs: z.number(),
  minRequests: z.number().optional(),
});
type Soak = z.infer<typeof Soak>;

/** Watches the new version for a while and judges it. Worse ends it early; too few samples at the end is not a pass. */
export const soak: StepKind<Soak> = {
  input: Soak,
  async run({ fresh, stable, forMs, minRequests }, context) {
    const { ports, begunAtMs, nowMs, memo } = context;
    const usual = fresh.kind === 'sfu' ? sfuBounds : httpBounds;
    const bounds = minRequests === undefined ? usual : { ...usual, minRequests };
    if (stable === undefined && memo === undefined) {
      const before = await watch(ports.metrics, sideOf(fresh), forMs / 1_000);
      return { wait: 'noted how it was before', memo: { before: before ?? null } };
    }
    // Whoever joined the canary's own pods before the watch began has joined the canary all the same; the stable version is counted as long.
    const sinceMs = fresh.kind === 'sfu' ? actedAtMs(context) : begunAtMs;
    const seconds = (nowMs - sinceMs) / 1_000;
    const [now, other] = await Promise.all([
      watch(ports.metrics, fresh.kind === 'sfu' ? await podsOf(fresh.deployment, context) : fresh, seconds),
      stable === undefined ? beforeOf(memo) : watch(ports.metrics, sideOf(stable), seconds),
    ]);
    const { verdict, saw } = judgeVersion(now, other, bounds);
    const left = forMs - (nowMs - begunAtMs);
    const result = { lines: [saw], data: { verdict, fresh: now, stable: other } };
    // The gateway's names are the same for every canary: a window that reaches behind the beginning may hold another's errors.
    const alone = fresh.kind === 'sfu' || seconds >= minWindowSeconds || left <= 0;
    if (verdict === 'fail' && alone) return { failed: saw, result };
    if (left > 0)
      return { wait: `${Math.ceil(left / 1_000)} s to watch; ${saw}`, ...(memo === undefined ? {} : { memo }) };
    return verdict === 'pass'
      ? { done: saw, result }
      : { failed: `too few samples to judge by, which is no pass: ${saw}`, result };
  },
};

const Before = z.object({
  before: z.object({ requests: z.number(), errors: z.number(), latencySeconds: z.number().optional() }).nullable(),
});

function beforeOf(memo: unknown) {
  const { before } = Before.parse(memo);
  return before === null ? undefined : { ...before, latencySeconds: before.latencySeconds };
}

/** The pods of this rollout's canary: the one of an earlier rollout had the same name. */
async function podsOf(deployment: string, context: StepContext): Promise<Side> {
  const { pods } = await context.ports.cluster.read();
  const sinceMs = actedAtMs(context);
  return {
    kind: 'pods',
    pods: pods.filter((pod) => pod.workload === deployment && pod.createdAtMs >= sinceMs).map(({ name }) => name),
  };
}

/** When the rollout began; the API server writes times without their milliseconds. */
function actedAtMs({ run, begunAtMs }: StepContext): number {
  return (run.actedAtMs ?? begunAtMs) - 5_000;
}

function sideOf(side: z.infer<typeof SideShape>): Side {
  return side.kind === 'http'
    ? side
    : { kind: 'sfu', deployment: side.deployment, ...(side.without === undefined ? {} : { without: side.without }) };
}
