import { z } from 'zod';
import { duration, toMs } from '../../kernel/duration.ts';
import { usd } from '../../kernel/money.ts';
import { defineProcedure, type StepKind } from './procedure.ts';
import { restartWorkload, rolledOut, stamp } from './restart-workload.ts';

/** A service that is not back after this long stops the procedure: the next one would only add to the damage. */
const withinMs = toMs(duration('10m'));

const Restart = z.object({ deployment: z.string() });

/** Restarts one Deployment and waits until its new pods stay up. The annotation is the moment the step began, the same on every try. */
export const restart: StepKind<z.infer<typeof Restart>> = {
  input: Restart,
  async run({ deployment: name }, { ports, run, begunAtMs, nowMs }) {
    const restartedAt = stamp(begunAtMs);
    const deployment = await ports.cluster.deployment(name);
    if (deployment === undefined) return { failed: `there is no Deployment ${name} any more` };
    if (deployment.restartedAt !== restartedAt) {
      await ports.cluster.restart({
        deployment: name,
        restartedAt,
        resourceVersion: deployment.resourceVersion,
        runId: run.id,
      });
      return { wait: 'its pods are being replaced' };
    }
    const { verdict, saw } = rolledOut(await ports.cluster.read(), name, nowMs);
    return verdict === 'verified' ? { done: saw } : verdict === 'pending' ? { wait: saw } : { failed: saw };
  },
};

/** Restarts the services one after another. A restart cannot be taken back; one that does not come up stops the rest. */
export const restartAll = defineProcedure({
  name: 'restartAll',
  title: 'Restart all services',
  params: z.object({ workloads: z.array(z.string()).readonly().optional() }).strict(),
  needs: ['cluster'],
  reach: 'platform',
  destructive: false,
  reversal: 'none',
  waitsFor: ['restartWorkload'],
  rbac: restartWorkload.rbac,
  kinds: { restart },

  preflight({ workloads }, { cluster }, { declared }) {
    const wanted = workloads ?? declared.workloads.filter(({ restartable }) => restartable).map(({ name }) => name);
    for (const name of wanted) {
      const entry = declared.workloads.find((candidate) => candidate.name === name);
      if (entry === undefined) return { blocked: 'no-target', saw: `${name}: not in the catalogue` };
      if (!entry.restartable)
        return { blocked: 'no-target', saw: `${name} holds meetings or data and is not restarted this way` };
    }
    // In the catalogue's order: what others call comes before them.
    const order = declared.workloads.map(({ name }) => name).filter((name) => wanted.includes(name));
    const running = order.flatMap((name) => {
      const deployment = cluster.value.deployments.find((candidate) => candidate.name === name);
      return deployment === undefined || deployment.replicas === 0 ? [] : [deployment];
    });
    if (running.length === 0) return { blocked: 'nothing-to-do', saw: 'none of them runs' };
    const pods = running.reduce((sum, { replicas }) => sum + replicas, 0);
    return {
      target: 'restart/services',
      steps: running.map(({ name }) => ({
        kind: 'restart',
        title: `restart ${name}`,
        input: { deployment: name },
        withinMs,
      })),
      says: `restart ${running.map(({ name }) => name).join(', ')} one after another`,
      // One Deployment at a time, and of it one pod at a time.
      touches: { pods, rooms: 0, participants: 0, fleetShareRatio: 1 / pods },
      costPerHour: usd(0),
    };
  },
});
