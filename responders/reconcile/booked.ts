import { humanMs } from '../../kernel/duration.ts';
import type { Core } from '../core.ts';
import { type Booked, bookedNow, holdBooked } from '../store/booked.ts';
import type { Job } from './clockwork.ts';
import { requestLimits } from './policy.ts';
import { request } from './request.ts';

const name = 'booked-meetings';

/**
 * Follows the plan of booked meetings: asks for the nodes it wants now, under the guards of any other act, and lets them stand until the meetings are over.
 * A refusal that leaves a booking without its nodes is told in a thread. What stands above the plan goes back through the room-aware scale-in.
 */
export async function followBookings(core: Core): Promise<'nothing-booked' | 'asked' | 'refused'> {
  const due = await bookedNow(core.database);
  if (due === undefined) return 'nothing-booked';
  const { deployment } = core.declared.sfu;
  const standing = core.world.current().cluster?.value.deployments.find((one) => one.name === deployment)?.replicas;
  const { judgement } = await request(core, {
    action: 'scaleWorkload',
    params: { workload: deployment, replicas: due.nodes },
    by: `schedule:${name}`,
    incidentId: undefined,
    runbook: name,
    mode: 'auto',
    limits: core.scaleLimits(requestLimits),
    approvalsNeeded: 0,
    breakGlass: false,
    // Where as many stand already a refusal leaves nobody without.
    ...(standing !== undefined && standing >= due.nodes ? {} : { tell: tellOf(due) }),
  });
  await holdBooked(core.database, name, due.forMs);
  return judgement.outcome === 'act' ? 'asked' : 'refused';
}

function tellOf(due: Booked): { readonly key: string; readonly says: string } {
  return {
    key: `${name}:${due.orderAtMs}`,
    says: `${due.nodes} SFU nodes are booked for ${due.meetings} meetings of ${due.participants} people, for ${humanMs(due.forMs)} from now`,
  };
}

/** The plan as a job of the clockwork. */
export function bookedJob(core: Core): Job {
  return { name, pattern: '* * * * *', run: async () => void (await followBookings(core)) };
}
