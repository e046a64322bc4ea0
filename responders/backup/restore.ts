import { errorText, PortError, UsageError } from '../../kernel/errors.ts';
import type { Component, ObjectStore, RestoreTarget } from './define.ts';
import type { Manifest, Part } from './manifest.ts';
import { restoreComponent } from './pipeline.ts';

/** What became of one component. */
export interface Restored {
  readonly component: Component;
  readonly target: string;
  readonly ok: boolean;
  /** What was done or found, or why not. */
  readonly says: string;
  /** Of the dump; where nothing told them, of what is stored. */
  readonly bytes: number;
  readonly tookMs: number;
}

/** What a restore needs. */
export interface RestoreOptions {
  readonly store: ObjectStore;
  readonly manifest: Manifest;
  readonly identity: string;
  readonly targets: readonly RestoreTarget[];
  /** A second person has agreed that production is overwritten. */
  readonly overProduction: boolean;
  readonly dryRun: boolean;
  readonly now: () => number;
  readonly signal: AbortSignal;
  progress?(component: Component, bytes: number): void;
}

/** Restores each component for which there is a target and compares what came out with the manifest. Nothing is begun when a plan is refused or a target is production and nobody agreed. */
export async function restoreBackup(options: RestoreOptions): Promise<readonly Restored[]> {
  const { manifest, targets, now } = options;
  const pairs = targets.map((target) => ({ target, part: partOf(manifest, target.component) }));
  const production = targets.filter((target) => target.production);
  if (production.length > 0 && !options.overProduction && !options.dryRun)
    throw new UsageError(
      `${production.map(({ component, name }) => `${component} ${name}`).join(', ')} is production: a second person must agree first (gomeet backup restore --over-production)`,
    );
  const plans: string[] = [];
  for (const { target } of pairs) plans.push(await target.plan());
  if (options.dryRun)
    return pairs.map(({ target, part }, at) => ({
      component: target.component,
      target: target.name,
      ok: true,
      says: plans[at] ?? '',
      bytes: part.plainBytes ?? part.storedBytes,
      tookMs: 0,
    }));
  const done: Restored[] = [];
  for (const { target, part } of pairs) {
    options.signal.throwIfAborted();
    const begunMs = now();
    const result = (ok: boolean, says: string): Restored => ({
      component: target.component,
      target: target.name,
      ok,
      says,
      bytes: part.plainBytes ?? part.storedBytes,
      tookMs: now() - begunMs,
    });
    try {
      const outcome = await restoreComponent(part, target, {
        store: options.store,
        identity: options.identity,
        signal: options.signal,
        progress: (bytes) => options.progress?.(target.component, bytes),
      });
      const differing = differences(part.counts, outcome.counts);
      done.push(
        result(
          differing.length === 0,
          differing.length === 0 ? outcome.says : `not what was backed up: ${differing.join(', ')}`,
        ),
      );
    } catch (error) {
      options.signal.throwIfAborted();
      done.push(result(false, errorText(error)));
    }
  }
  return done;
}

function partOf(manifest: Manifest, component: Component): Part {
  const part = manifest.parts.find((one) => one.component === component);
  if (part !== undefined) return part;
  const missing = manifest.missing.find((one) => one.component === component);
  throw new PortError(
    'backup',
    'not-found',
    `${manifest.id} has no ${component}${missing === undefined ? '' : `: when it was made, ${missing.reason}`}`,
  );
}

/** Where counts differ, by name, at most five. */
export function differences(
  expected: Readonly<Record<string, number>>,
  found: Readonly<Record<string, number>>,
): readonly string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    .filter((name) => (expected[name] ?? 0) !== (found[name] ?? 0))
    .map((name) => `${name} ${found[name] ?? 0} instead of ${expected[name] ?? 0}`)
    .slice(0, 5);
}
