import type { Clock } from '../../kernel/clock.ts';
import { errorText, PortError } from '../../kernel/errors.ts';
import { difference } from './difference.ts';
import { fieldOf, type KubeObject, nameOf, type Ref, refOf } from './object.ts';
import { autoscaled, type Halves, halve, isSecret, manager, startingManager, withOwner } from './own.ts';
import type { Kube } from './port.ts';

/** What became of one object. */
export interface Applied {
  readonly ref: Ref;
  readonly did: 'created' | 'changed' | 'unchanged' | 'left';
  /** What it would be, or was, changed in. */
  readonly diff: string | undefined;
  readonly note: string | undefined;
}

/** What applying needs to know. */
export interface ApplyContext {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly environment: string;
  /** Everything declared: who is autoscaled is seen from all of it. */
  readonly declared: readonly KubeObject[];
  readonly dryRun: boolean;
  /** Adds what a run that takes over an existing platform changes. */
  readonly adjust?: (object: KubeObject) => KubeObject;
}

/** How long a kind may take to be served once its definition was applied. */
const servedWithinMs = 30_000;
/** How often an object is compared anew because somebody wrote it while we looked. */
const looks = 5;

/** Applies objects in turn. What moves by itself is given where nobody has set it, and left where somebody has. Throws a PortError that names the object. */
export async function applyObjects(
  { kube, clock, environment, declared, dryRun, adjust = (object) => object }: ApplyContext,
  objects: readonly KubeObject[],
  told: (applied: Applied) => void = () => undefined,
): Promise<readonly Applied[]> {
  const owned = autoscaled(declared);
  const results: Applied[] = [];
  for (const wanted of objects) {
    if (isSecret(wanted)) continue;
    const halves = halve(withOwner(adjust(wanted), environment), owned);
    const applied = dryRun ? await rehearse(kube, wanted, halves) : await applyOne(halves);
    told(applied);
    results.push(applied);
  }
  return results;

  async function applyOne({ object, start, onlyAtFirst }: Halves): Promise<Applied> {
    const ref = refOf(object);
    try {
      await untilServed(kube, ref, clock);
      const before = await kube.get(ref);
      const after = await kube.apply(object, { manager, force: true });
      const give = start !== undefined && (before === undefined || !onlyAtFirst);
      const given = give ? await giveStart(kube, start, after) : undefined;
      return result(ref, before, given?.object ?? after, given?.note);
    } catch (error) {
      throw named(error, ref);
    }
  }
}

/** Gives replicas or a floor without taking them from anyone; says so where somebody else has set another value. */
async function giveStart(
  kube: Kube,
  start: KubeObject,
  applied: KubeObject,
  dryRun = false,
): Promise<{ readonly object: KubeObject; readonly note?: string }> {
  try {
    return { object: await kube.apply(start, { manager: startingManager, force: false, dryRun }) };
  } catch (error) {
    if (!(error instanceof PortError && error.code === 'conflict')) throw error;
    const [[field, declared] = ['', undefined]] = Object.entries(start['spec'] ?? {});
    const stands = fieldOf(applied, 'spec', field);
    return {
      object: applied,
      note: `${field} ${String(stands)} is somebody else's (declared ${String(declared)}): left alone`,
    };
  }
}

/** A server-side dry run; what the API server cannot try yet, since its namespace or kind comes with this very run, counts as new. */
async function rehearse(kube: Kube, wanted: KubeObject, halves: Halves): Promise<Applied> {
  const ref = refOf(halves.object);
  try {
    let before = await kube.get(ref);
    for (let look = 1; ; look += 1) {
      const applied = await compare(kube, wanted, halves, before);
      if (applied.did !== 'changed' || look === looks) return applied;
      const now = await kube.get(ref);
      if (now?.metadata.resourceVersion === before?.metadata.resourceVersion) return applied;
      // An autoscaler's or a controller's write in between is no difference of ours.
      before = now;
    }
  } catch (error) {
    if (error instanceof PortError && error.code === 'not-found')
      return {
        ref,
        did: 'created',
        diff: difference(undefined, wanted),
        note: 'not tried: its namespace or kind is not there yet',
      };
    throw named(error, ref);
  }
}

async function compare(
  kube: Kube,
  wanted: KubeObject,
  { object, start, onlyAtFirst }: Halves,
  before: KubeObject | undefined,
): Promise<Applied> {
  const whole = before === undefined ? withOwnerOf(object, wanted) : object;
  const after = await kube.apply(whole, { manager, force: true, dryRun: true });
  // The halves are tried apart: the second shows only itself.
  const give = start !== undefined && before !== undefined && !onlyAtFirst;
  const given = give ? await giveStart(kube, start, before, true) : undefined;
  const shown = given === undefined || given.note !== undefined ? after : overlay(after, start);
  return result(refOf(object), before, shown, given?.note);
}

function withOwnerOf(object: KubeObject, wanted: KubeObject): KubeObject {
  return { ...wanted, metadata: object.metadata };
}

function overlay(object: KubeObject, start: KubeObject | undefined): KubeObject {
  const [spec, over] = [object['spec'], start?.['spec']];
  return typeof spec === 'object' && typeof over === 'object' ? { ...object, spec: { ...spec, ...over } } : object;
}

function result(ref: Ref, before: KubeObject | undefined, after: KubeObject, note: string | undefined): Applied {
  const diff = difference(before, after);
  const did =
    before === undefined ? 'created' : diff === undefined ? (note === undefined ? 'unchanged' : 'left') : 'changed';
  return { ref, did, diff, note };
}

async function untilServed(kube: Kube, ref: Ref, clock: Clock): Promise<void> {
  const giveUpMs = clock.now() + servedWithinMs;
  while (!(await kube.serves(ref))) {
    if (clock.now() >= giveUpMs)
      throw new PortError('kubernetes', 'not-found', `nobody serves ${ref.kind} of ${ref.apiVersion}`);
    await clock.sleep(500);
  }
}

function named(error: unknown, ref: Ref): unknown {
  return error instanceof PortError
    ? new PortError('kubernetes', error.code, `${nameOf(ref)}: ${errorText(error)}`, { cause: error })
    : error;
}
