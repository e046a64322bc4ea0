import type { Clock } from '../../kernel/clock.ts';
import { errorText, PortError } from '../../kernel/errors.ts';
import type { Kube } from '../kube/port.ts';
import type { Lock } from './lock.ts';

/** A lock that is renewed while work goes on, and the API server as it may be written to meanwhile. */
export interface KeptLock {
  /** Writes throw a PortError (conflict) once another deployment has the lock. */
  readonly kube: Kube;
  release(): Promise<void>;
}

const renewEveryMs = 20_000;

/** Keeps a lock until it is released. */
export function keepLock(kube: Kube, lock: Lock, clock: Clock): KeptLock {
  const stop = new AbortController();
  let lost: string | undefined;
  const renewing = (async () => {
    while (!stop.signal.aborted && lost === undefined) {
      await clock.sleep(renewEveryMs, stop.signal);
      if (stop.signal.aborted) return;
      try {
        await lock.renew();
      } catch (error) {
        // An API server that is away for a moment keeps the lock as it is; only another holder takes it.
        if (error instanceof PortError && error.code === 'conflict') lost = errorText(error);
      }
    }
  })();
  const held = <Args extends readonly unknown[], Result>(write: (...args: Args) => Promise<Result>) => {
    return async (...args: Args): Promise<Result> => {
      if (lost !== undefined)
        throw new PortError('kubernetes', 'conflict', 'another deployment has taken over: nothing more is changed');
      return await write(...args);
    };
  };
  return {
    kube: {
      ...kube,
      apply: held(kube.apply),
      create: held(kube.create),
      replace: held(kube.replace),
      setField: held(kube.setField),
      remove: held(kube.remove),
    },
    async release() {
      stop.abort();
      await renewing;
      if (lost === undefined) await lock.release();
    },
  };
}
