import { humanMs, toMs } from '../../kernel/duration.ts';
import { formatUsd, type MicroUsd, sumUsd, timesUsd, usd } from '../../kernel/money.ts';
import type { WorldPart } from '../act/define.ts';
import type { Run } from '../records.ts';
import { type Guard, type Planned, requestRunbook, type Situation } from './situation.ts';

const hourMs = 3_600_000;

/** Prices and pools change slowly and the API is metered: an hour old is still data. */
const maxCloudAgeMs = hourMs;

/** Guards that need no plan, in order. */
export const earlyGuards: readonly Guard<Situation>[] = [
  {
    name: 'stop-switch',
    check: ({ controls, action }) => {
      if (controls.stopped === undefined) return { pass: 'off' };
      if (action.reach === 'reading') return { pass: 'on, but looking changes nothing' };
      return action.reach === 'people'
        ? { pass: 'on, but people may always be called' }
        : { refuse: 'stopped', saw: `${controls.stopped.by}: ${controls.stopped.reason}` };
    },
  },
  {
    name: 'quiet',
    check: ({ silenced }) =>
      silenced
        ? { refuse: 'silenced', saw: 'Alertmanager silences or inhibits this alert' }
        : { pass: 'neither silenced nor inhibited' },
  },
  {
    name: 'fresh-data',
    check: ({ action, world, limits, nowMs }) => {
      const ages = action.needs.map((part) => ({
        part,
        ageMs: world[part] === undefined ? undefined : nowMs - world[part].observedAtMs,
      }));
      const ageSeconds = Math.max(0, ...ages.map(({ ageMs }) => (ageMs ?? 0) / 1_000));
      const bad = ages.find(
        ({ part, ageMs }) => ageMs === undefined || ageMs < -1_000 || ageMs > maxAgeMs(part, toMs(limits.maxDataAge)),
      );
      const saw =
        ages
          .map(
            ({ part, ageMs }) =>
              `${part} ${ageMs === undefined ? 'never seen' : ageMs < -1_000 ? 'dated in the future' : `${humanMs(Math.max(0, ageMs))} old`}`,
          )
          .join(', ') || 'needs no reading';
      return bad === undefined ? { pass: saw, ageSeconds } : { refuse: 'stale-data', saw, ageSeconds };
    },
  },
];

/** Guards that look at the plan, in order. */
export const planGuards: readonly Guard<Planned>[] = [
  {
    name: 'mode',
    check: ({ mode, action }) =>
      mode === 'shadow' && action.reach !== 'people' && action.reach !== 'reading'
        ? { refuse: 'shadow', saw: 'shadow' }
        : { pass: mode },
  },
  {
    name: 'freeze',
    check: ({ controls, action, plan, breakGlass }) => {
      if (action.reach !== 'platform') return { pass: 'does not touch the platform' };
      if (breakGlass) return { pass: 'glass broken' };
      if (controls.frozen !== undefined)
        return { refuse: 'frozen', saw: `${controls.frozen.by}: ${controls.frozen.reason}` };
      const disturbs = action.destructive || plan.touches.pods > 0 || plan.touches.participants > 0;
      if (controls.liveEvent !== undefined && disturbs)
        return { refuse: 'live-event', saw: `${controls.liveEvent.by}: ${controls.liveEvent.reason}` };
      return {
        pass:
          controls.liveEvent === undefined ? 'neither freeze nor live event' : 'live event, but nothing is disturbed',
      };
    },
  },
  {
    name: 'cooldown',
    check: ({ action, plan, limits, recent, self, nowMs }) => {
      const acting = recent.find(
        (run) =>
          run.id !== self &&
          isOpen(run) &&
          (run.target === plan.target ||
            (run.state === 'intended' && action.waitsFor.some((name) => name === run.action))),
      );
      if (acting !== undefined)
        return { refuse: 'already-acting', saw: `${acting.action} on ${acting.target} is ${acting.state}` };
      if (action.reach !== 'platform') return { pass: 'nothing under way' };
      const last = Math.max(
        0,
        ...recent
          .filter(
            (run) =>
              run.id !== self && run.target === plan.target && run.action === action.name && run.state !== 'abandoned',
          )
          .map((run) => run.intendedAtMs ?? 0),
      );
      const sinceMs = nowMs - last;
      const cooldownMs = toMs(limits.cooldown);
      if (last > 0 && sinceMs < cooldownMs)
        return { refuse: 'cooldown', saw: `last ${humanMs(sinceMs)} ago, cooldown ${humanMs(cooldownMs)}` };
      return { pass: last > 0 ? `last ${humanMs(sinceMs)} ago` : 'not done lately' };
    },
  },
  {
    name: 'acts-per-hour',
    check: ({ action, runbook, limits, recent, self, nowMs }) => {
      if (action.reach !== 'platform') return { pass: 'does not touch the platform' };
      const acts = recent.filter(
        (run) =>
          run.id !== self &&
          run.alertname === runbook &&
          run.action === action.name &&
          wasTried(run) &&
          run.intendedAtMs !== undefined &&
          nowMs - run.intendedAtMs < hourMs,
      );
      const saw = `${acts.length} of ${limits.maxActsPerHour} this hour`;
      return acts.length >= limits.maxActsPerHour ? { refuse: 'rate-limit', saw } : { pass: saw };
    },
  },
  {
    name: 'blast-radius',
    check: ({ plan, limits }) => {
      const { fleetShareRatio, participants, rooms, pods } = plan.touches;
      const saw = `${pods} pods (${percent(fleetShareRatio)} of the fleet), ${rooms} rooms, ${participants} participants; allowed ${percent(limits.maxFleetShareRatio)} and ${limits.maxParticipants}`;
      return fleetShareRatio > limits.maxFleetShareRatio || participants > limits.maxParticipants
        ? { refuse: 'blast-radius', saw }
        : { pass: saw };
    },
  },
  {
    name: 'ceiling',
    check: ({ plan }) => {
      if (plan.growth === undefined) return { pass: 'nothing grows' };
      const saw = `${plan.growth.after} of at most ${plan.growth.ceiling}`;
      return plan.growth.after > plan.growth.ceiling ? { refuse: 'replica-ceiling', saw } : { pass: saw };
    },
  },
  {
    name: 'budget',
    check: (situation) => {
      const { plan, budget } = situation;
      if (plan.costPerHour <= 0) return { pass: 'costs nothing' };
      const forecast = monthEndForecast(situation);
      if (forecast === undefined) return { refuse: 'stale-data', saw: 'no reading of what the month has cost' };
      const saw = `${formatUsd(plan.costPerHour)}/h; month-end ${formatUsd(forecast.without)} → ${formatUsd(forecast.with)} of ${formatUsd(budget)}`;
      return forecast.with > budget ? { refuse: 'budget', saw } : { pass: saw };
    },
  },
  {
    name: 'breaker',
    check: ({ action, plan, runbook, limits, recent, self, nowMs, breakGlass }) => {
      if (action.reach !== 'platform') return { pass: 'does not touch the platform' };
      const ended = recent.filter(
        (run) =>
          run.id !== self &&
          run.alertname === runbook &&
          // A runbook that does not help does not help anywhere; a person's bad version of one service says nothing about another's.
          (runbook !== requestRunbook || run.target === plan.target) &&
          run.action === action.name &&
          run.finishedAtMs !== undefined &&
          outcomes.has(run.state),
      );
      const inRow = ended.slice(-limits.breakerAfter);
      const lastMs = inRow.at(-1)?.finishedAtMs ?? 0;
      const open =
        inRow.length >= limits.breakerAfter &&
        inRow.every(({ state }) => state !== 'verified') &&
        nowMs - lastMs < toMs(limits.breakerFor);
      if (!open)
        return {
          pass: `${ended.filter(({ state }) => state !== 'verified').length} of the last ${ended.length} did not help`,
        };
      const saw = `the last ${inRow.length} did not help, the newest ${humanMs(nowMs - lastMs)} ago`;
      return breakGlass ? { pass: `${saw}; glass broken` } : { refuse: 'breaker-open', saw };
    },
  },
  {
    name: 'approval',
    check: ({ approvals, approvalsNeeded, requestedBy, breakGlass }) => {
      if (breakGlass) return { pass: `glass broken by ${approvals.at(-1) ?? requestedBy}` };
      const distinct = new Set(approvals.filter((subject) => subject !== requestedBy));
      const saw = approvalsNeeded === 0 ? 'none needed' : `${distinct.size} of ${approvalsNeeded}`;
      return distinct.size < approvalsNeeded ? { refuse: 'needs-approval', saw } : { pass: saw };
    },
  },
];

/** Whether a call may have gone out: a run that was abandoned at its last look, before any, is no act. */
function wasTried(run: Run): boolean {
  return run.state !== 'abandoned' || run.attempts > 1;
}

/** Ends that say something about whether a runbook helps. */
const outcomes: ReadonlySet<Run['state']> = new Set(['verified', 'not-improved', 'unknown', 'failed']);

function isOpen(run: Run): boolean {
  return run.state === 'intended' || run.state === 'verifying';
}

function maxAgeMs(part: WorldPart, maxDataAgeMs: number): number {
  return part === 'cloud' ? Math.max(maxCloudAgeMs, maxDataAgeMs) : maxDataAgeMs;
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}

/**
 * The month's bill with and without the act: spent so far, plus the node pools at their present size for the hours left.
 * Databases, load balancers and traffic of those hours are not in it, so it is a lower bound; the monthly report has the whole.
 */
function monthEndForecast({ world, scene, plan, nowMs }: Planned): { without: MicroUsd; with: MicroUsd } | undefined {
  const cloud = world.cloud?.value;
  if (cloud === undefined) return undefined;
  const now = new Date(nowMs);
  const hoursLeft = (Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1) - nowMs) / hourMs;
  const nodesPerHour = sumUsd(
    cloud.pools.map((pool) =>
      timesUsd(scene.declared.pools.find(({ name }) => name === pool.name)?.nodeCostPerHour ?? usd(0), pool.count),
    ),
  );
  const without = sumUsd([cloud.monthToDate, timesUsd(nodesPerHour, hoursLeft)]);
  return { without, with: sumUsd([without, timesUsd(plan.costPerHour, hoursLeft)]) };
}
