import { duration, toMs } from '../../kernel/duration.ts';
import type { PlannedStep } from '../act/procedure.ts';

/** The ways to roll out that keep the service up. Recreate does not and is an action of its own, with a second person. */
export const strategies = ['rolling', 'blue-green', 'canary'] as const;
export type Strategy = (typeof strategies)[number];

/** What a rollout is asked to be. */
export interface RolloutWish {
  readonly workload: string;
  readonly image: string;
  readonly strategy: Strategy;
  readonly isSfu: boolean;
  readonly surge?: string | undefined;
  readonly unavailable?: string | undefined;
  readonly canaryPercent: number;
  readonly soakMs: number;
  readonly minRequests?: number | undefined;
}

const minutes = (count: number) => count * 60_000;
/** A pod of an SFU waits for its meetings, for up to five hours each. */
const sfuRolloutMs = toMs(duration('48h'));

/** The steps of a rollout, in order. Pure. */
export function rolloutSteps(wish: RolloutWish): readonly PlannedStep[] {
  const { workload, image, isSfu, strategy, soakMs } = wish;
  const settleMs = isSfu ? sfuRolloutMs : minutes(15);
  const step = (kind: string, title: string, input: object = {}, withinMs = minutes(5)): PlannedStep => ({
    kind,
    title,
    input: { workload, ...input },
    withinMs,
  });
  // A new SFU needs a node of its own before an old one may go, and an old one goes when its meetings are over.
  const bounds = isSfu
    ? { surge: wish.surge ?? '1', unavailable: '0' }
    : {
        ...(wish.surge === undefined ? {} : { surge: wish.surge }),
        ...(wish.unavailable === undefined ? {} : { unavailable: wish.unavailable }),
      };
  const replace = [
    step('setImage', `give ${workload} the image`, bounds),
    step('settled', `wait until the new pods of ${workload} stay up`, {}, settleMs),
  ];
  const begin = [
    ...(isSfu ? [step('checkDrain', 'check that its pods wait for meetings')] : []),
    step('resolve', `resolve ${image}`, { image }),
  ];
  const beside = (track: 'canary' | 'green', shareRatio: number): PlannedStep => ({
    ...step('copy', `start ${workload}-${track} beside it`, { track, shareRatio }, minutes(15)),
    ...(isSfu ? { undoWithinMs: sfuRolloutMs } : {}),
  });
  const remove = (track: 'canary' | 'green') =>
    step('removeCopy', `take ${workload}-${track} away`, { track }, isSfu ? sfuRolloutMs : minutes(15));
  const watch = (title: string, sides: object): PlannedStep => ({
    kind: 'soak',
    title,
    input: { ...sides, forMs: soakMs, ...(wish.minRequests === undefined ? {} : { minRequests: wish.minRequests }) },
    withinMs: soakMs + minutes(10),
  });
  switch (strategy) {
    case 'rolling':
      return [...begin, ...replace];
    case 'canary':
      return isSfu
        ? [
            ...begin,
            beside('canary', wish.canaryPercent / 100),
            watch('watch joins and media of new rooms on the canary', {
              fresh: { kind: 'sfu', deployment: `${workload}-canary` },
              stable: { kind: 'sfu', deployment: workload, without: `${workload}-canary` },
            }),
            ...replace,
            remove('canary'),
          ]
        : [
            ...begin,
            beside('canary', wish.canaryPercent / 100),
            step('split', `give the canary ${wish.canaryPercent} %`, { percent: wish.canaryPercent }),
            watch('watch errors and latency of the canary', {
              fresh: { kind: 'http', service: `${workload}-canary` },
              stable: { kind: 'http', service: `${workload}-stable` },
            }),
            ...replace,
            step('unsplit', 'lead the routes where they led before'),
            remove('canary'),
          ];
    case 'blue-green':
      return [
        ...begin,
        step('pin', `hold the Service to what runs now`),
        beside('green', 1),
        step('switchOver', 'switch all traffic to green'),
        watch('watch errors and latency on green', { fresh: { kind: 'http', service: workload } }),
        ...replace,
        step('unpin', 'let the Service select all its pods'),
        remove('green'),
      ];
  }
}
