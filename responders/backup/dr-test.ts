import type { Clock } from '../../kernel/clock.ts';
import { errorText, PortError } from '../../kernel/errors.ts';
import type { ClusterState, Objects } from '../ports.ts';
import type { ObjectStore, RestoreTarget } from './define.ts';
import type { Manifest } from './manifest.ts';
import { type Restored, restoreBackup } from './restore.ts';

/** The namespace that the operations runbook names for it. */
export const drNamespace = 'gomeet-dr-test';
/** Only a namespace with this label is ever deleted here. */
const label = 'gomeet.dev/dr-test';

/** One thing that was looked at after the restore. */
export interface DrCheck {
  readonly what: string;
  readonly ok: boolean;
  readonly saw: string;
}

/** What a disaster-recovery test came to; times in milliseconds. */
export interface DrReport {
  readonly backup: string;
  readonly begunAtMs: number;
  readonly ok: boolean;
  /** From the first step until the platform's services were ready on restored data. */
  readonly recoveryTimeMs: number;
  /** Age of the restored data when the test began: what would have been lost. */
  readonly recoveryPointMs: number;
  readonly restored: readonly Restored[];
  readonly checks: readonly DrCheck[];
  /** Whether all that the test made is gone again. */
  readonly cleanedUp: boolean;
}

/** What the test needs. */
export interface DrTestOptions {
  readonly store: ObjectStore;
  readonly manifest: Manifest;
  readonly identity: string;
  readonly objects: Objects;
  /** The cluster, seen from the test's namespace. */
  readonly readCluster: () => Promise<ClusterState>;
  readonly targets: readonly RestoreTarget[];
  /** Gives the test's namespace secrets of its own, so that its pods can start. */
  readonly giveSecrets: () => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly readyWithinMs: number;
  say(line: string): void;
}

/** Restores the backup beside production, sees the services come up on it, and takes everything away again: after a failure too, and what a killed test left behind before anything else. */
export async function drTest(options: DrTestOptions): Promise<DrReport> {
  const { clock, say, manifest } = options;
  await cleanUp(options, 'an earlier test left behind');
  const begunAtMs = clock.now();
  let restored: readonly Restored[] = [];
  const checks: DrCheck[] = [];
  let recoveredAtMs: number | undefined;
  let cleanedUp = false;
  try {
    say(`restoring ${manifest.id} into ${drNamespace}`);
    await makeNamespace(options.objects);
    restored = await restoreBackup({
      ...options,
      overProduction: false,
      dryRun: false,
      now: () => clock.now(),
    });
    for (const { component, ok, says } of restored) say(`${ok ? '✓' : '✗'} ${component}: ${says}`);
    const written = await options.giveSecrets();
    say(`✓ secrets of its own: ${written.length} keys`);
    checks.push(...(await untilReady(options)));
    recoveredAtMs = clock.now();
    for (const { what, ok, saw } of checks) say(`${ok ? '✓' : '✗'} ${what}: ${saw}`);
  } catch (error) {
    checks.push({ what: 'the test ran to its end', ok: false, saw: errorText(error) });
    say(`✗ ${errorText(error)}`);
  } finally {
    // Not under the signal: a test that was broken off is cleaned up like any other.
    cleanedUp = await cleanUp(options, 'the test made').catch((error: unknown) => {
      say(`✗ clean-up: ${errorText(error)}; the next test begins with it`);
      return false;
    });
  }
  const enough = restored.length > 0 && checks.length > 0;
  return {
    backup: manifest.id,
    begunAtMs,
    ok:
      enough &&
      cleanedUp &&
      manifest.missing.length === 0 &&
      restored.every(({ ok }) => ok) &&
      checks.every(({ ok }) => ok),
    recoveryTimeMs: (recoveredAtMs ?? clock.now()) - begunAtMs,
    recoveryPointMs: begunAtMs - Math.min(...manifest.parts.map((part) => part.recoveryPointMs)),
    restored,
    checks,
    cleanedUp,
  };
}

async function makeNamespace(objects: Objects): Promise<void> {
  await objects.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: drNamespace, labels: { [label]: 'true' } } },
    { runId: 'dr-test' },
  );
}

/** Every Deployment that has replicas must get them ready in time; none at all is no success. */
async function untilReady({ readCluster, clock, signal, readyWithinMs }: DrTestOptions): Promise<readonly DrCheck[]> {
  const untilMs = clock.now() + readyWithinMs;
  while (true) {
    signal.throwIfAborted();
    const { deployments } = await readCluster();
    const wanted = deployments.filter(({ replicas }) => replicas > 0);
    const late = clock.now() >= untilMs;
    const ready = wanted.every(({ replicas, readyReplicas, observed }) => observed && readyReplicas >= replicas);
    if (wanted.length === 0) return [{ what: 'services', ok: false, saw: 'no service was restored' }];
    if (ready || late)
      return wanted.map(({ name, replicas, readyReplicas }) => ({
        what: `service ${name}`,
        ok: readyReplicas >= replicas,
        saw: `${readyReplicas} of ${replicas} pods ready`,
      }));
    await clock.sleep(1_000, signal);
  }
}

/** Deletes the test's namespace, and only that: one that does not bear the test's label is somebody else's. */
async function cleanUp({ objects, targets, clock, say }: DrTestOptions, whose: string): Promise<boolean> {
  for (const target of targets) await target.drop?.();
  const ref = { apiVersion: 'v1', kind: 'Namespace', name: drNamespace };
  const there = await objects.get(ref);
  if (there === undefined) return true;
  if (there.metadata.labels?.[label] !== 'true')
    throw new PortError(
      'kubernetes',
      'conflict',
      `the namespace ${drNamespace} was not made by a test (it lacks the label ${label}): look at it first`,
    );
  say(`deleting the namespace ${drNamespace} that ${whose}`);
  const uid = there.metadata.uid;
  await objects.remove(ref, uid === undefined ? {} : { uid });
  for (let tries = 0; tries < 300; tries += 1) {
    if ((await objects.get(ref))?.metadata.uid !== uid) return true;
    await clock.sleep(1_000);
  }
  return false;
}
