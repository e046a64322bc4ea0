import type { Clock } from '../../kernel/clock.ts';
import { errorText, PortError } from '../../kernel/errors.ts';
import type { Infrastructure, ResourceKind } from '../../manifests/infrastructure/define.ts';
import { planInfrastructure } from './plan.ts';
import type { Call, InfraPlan, Problem, Step } from './plan-types.ts';
import type { InfraCloud } from './port.ts';

/** How an apply ended. */
export type ApplyOutcome =
  | { readonly is: 'done'; readonly later: readonly Step[] }
  | { readonly is: 'refused'; readonly problems: readonly Problem[] }
  | { readonly is: 'failed'; readonly step: Step; readonly why: string; readonly todo: string };

/** What an apply needs. */
export interface ApplyOptions {
  readonly declared: Infrastructure;
  readonly cloud: InfraCloud;
  readonly clock: Clock;
  readonly skip?: ReadonlySet<ResourceKind>;
  /** Told of each call and each change of what is waited for. */
  readonly tell?: (line: string) => void;
  /** Between two looks while DigitalOcean is at it; 10 s unless said. */
  readonly pollMs?: number;
  /** How long DigitalOcean may take for one thing; a database cluster of this size takes up to half an hour. */
  readonly patienceMs?: number;
  /** How long a create whose answer was lost may stay unseen; 2 min unless said. */
  readonly doubtMs?: number;
}

/** A call that was sent in this run. */
interface Sent {
  readonly atMs: number;
  readonly lost: string | undefined;
}

/**
 * Looks, takes the first step, and looks again, until nothing is left: so a run that was killed goes on where DigitalOcean stands.
 * A create is sent once: when its answer is lost, only a look can say whether it happened.
 */
export async function applyInfrastructure(options: ApplyOptions): Promise<ApplyOutcome> {
  const { declared, cloud, clock, skip, tell = () => undefined } = options;
  const { pollMs = 10_000, patienceMs = 2_400_000, doubtMs = 120_000 } = options;
  const sent = new Map<string, Sent>();
  const waiting = new Map<string, number>();
  for (;;) {
    const plan = planInfrastructure(declared, await cloud.observe(declared), skip);
    if (plan.problems.length > 0) return { is: 'refused', problems: plan.problems };
    const next = callsOf(plan).find(({ id }) => !sent.has(id));
    if (next !== undefined) {
      tell(next.says);
      const outcome = await sendOnce(cloud, next.call);
      if (outcome.is === 'refused')
        return failed(next, outcome.why, 'correct what it says, then run the same command again');
      if (outcome.is === 'not-sent') await clock.sleep(outcome.waitMs);
      else sent.set(next.id, { atMs: clock.now(), lost: outcome.is === 'lost' ? outcome.why : undefined });
      if (outcome.is === 'lost') tell(`no answer (${outcome.why}); looking whether it was done`);
      continue;
    }
    const open = plan.steps.filter(({ next: { is } }) => is !== 'later');
    if (open.length === 0) return { is: 'done', later: plan.steps };
    for (const step of open) {
      const before = sent.get(step.id);
      const sinceMs = before?.atMs ?? waiting.get(step.id) ?? clock.now();
      if (!waiting.has(step.id)) tell(`waiting: ${step.says}`);
      waiting.set(step.id, sinceMs);
      // What was asked for and is still proposed should show at the next look; what DigitalOcean is at takes its time.
      const limit = step.next.is === 'provisioning' ? patienceMs : doubtMs;
      if (clock.now() - sinceMs >= limit) return stuck(step, before);
    }
    await clock.sleep(pollMs);
  }
}

type CallStep = Step & { readonly call: Call };

function callsOf({ steps }: InfraPlan): readonly CallStep[] {
  return steps.flatMap((step) => (step.next.is === 'call' ? [{ ...step, call: step.next.call }] : []));
}

type SendOutcome =
  | { readonly is: 'taken' }
  /** The API turned it away before it did anything: it may be sent again. */
  | { readonly is: 'not-sent'; readonly waitMs: number }
  | { readonly is: 'refused'; readonly why: string }
  /** It may have taken effect. */
  | { readonly is: 'lost'; readonly why: string };

async function sendOnce(cloud: InfraCloud, call: Call): Promise<SendOutcome> {
  try {
    await cloud.carryOut(call);
    return { is: 'taken' };
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    if (error.code === 'throttled') return { is: 'not-sent', waitMs: error.retryAfterMs ?? 60_000 };
    if (error.code === 'timeout' || error.code === 'unreachable' || error.code === 'unavailable')
      return { is: 'lost', why: errorText(error) };
    return { is: 'refused', why: errorText(error) };
  }
}

function stuck(step: Step, before: Sent | undefined): ApplyOutcome {
  if (before?.lost !== undefined)
    return failed(
      step,
      `it was asked for once, the answer was lost (${before.lost}), and it is not there`,
      'look in the control panel whether it comes up; then run the same command again, which looks before it asks',
    );
  return failed(
    step,
    'DigitalOcean has not finished',
    'run the same command again to go on waiting, or ask DigitalOcean',
  );
}

function failed(step: Step, why: string, todo: string): ApplyOutcome {
  return { is: 'failed', step, why, todo };
}
