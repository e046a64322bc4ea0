import type { Core } from '../core.ts';
import { bookedNow, holdBooked } from '../store/booked.ts';
import type { Job } from './clockwork.ts';
import { requestLimits } from './policy.ts';
import { request } from './request.ts';

const name = 'booked-meetings';

/** Follows the plan of booked meetings: asks for the nodes it wants now, under the guards of any other act, and lets them stand until the meetings are over. What stands above the plan goes back through the room-aware scale-in. */
export async function followBookings(core: Core): Promise<'nothing-booked' | 'asked' | 'refused'> {
  const due = await bookedNow(core.database);
  if (due === undefined) return 'nothing-booked';
  const { judgement } = await request(core, {
    action: 'scaleWorkload',
    params: { workload: core.declared.sfu.deployment, replicas: due.nodes },
    by: `schedule:${name}`,
    incidentId: undefined,
    runbook: name,
    mode: 'auto',
    limits: core.scaleLimits(requestLimits),
    approvalsNeeded: 0,
    breakGlass: false,
  });
  await holdBooked(core.database, name, due.forMs);
  return judgement.outcome === 'act' ? 'asked' : 'refused';
}

/** The plan as a job of the clockwork. */
export function bookedJob(core: Core): Job {
  return { name, pattern: '* * * * *', run: async () => void (await followBookings(core)) };
}
