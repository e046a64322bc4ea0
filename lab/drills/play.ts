import { join } from 'node:path';
import { errorText, UsageError } from '../../kernel/errors.ts';
import { type EmbeddedStore, startEmbeddedStore } from '../../responders/store/embedded.ts';
import { labFiles } from '../lab-files.ts';
import type { LabPlatform } from '../platform.ts';
import {
  type SimulatedPlatform,
  type SimulatedPlatformOptions,
  startSimulatedPlatform,
} from '../simulated-platform.ts';
import { smallPlatform } from '../simulator/platform.ts';
import type { Drill, DrillSetting } from './define.ts';
import { drills } from './index.ts';
import { type DrillListener, type DrillResult, runDrill } from './run.ts';

/** Starts the platform that a drill's setting asks for. */
export type StartPlatform = (setting: DrillSetting) => Promise<LabPlatform>;

/** The drill of that name; throws a UsageError that lists the names there are. */
export function drillNamed(name: string): Drill {
  const found = drills.find((drill) => drill.name === name);
  if (found === undefined)
    throw new UsageError(`no drill ${name}; there are ${drills.map((drill) => drill.name).join(', ')}`);
  return found;
}

/** A simulated platform for a drill. */
export async function simulatedFor(
  setting: DrillSetting,
  options: Omit<SimulatedPlatformOptions, 'plan' | 'sfuFloor'> = {},
): Promise<SimulatedPlatform> {
  return await startSimulatedPlatform({
    ...options,
    plan: { ...smallPlatform, sfuReplicas: setting.sfuReplicas },
    sfuFloor: setting.sfuFloor,
    ...(setting.participantsEach === undefined ? {} : { participantsEach: setting.participantsEach }),
  });
}

/** Plays one drill on a platform of its own. Never throws: a platform that does not start or cannot be put away is a drill that failed, with the reason, and those after it are played. */
export async function playDrill(
  drill: Drill,
  start: StartPlatform,
  listener: DrillListener = {},
): Promise<DrillResult> {
  const begun = Date.now();
  let platform: LabPlatform;
  try {
    platform = await start(drill.setting);
  } catch (error) {
    return withFailure(unplayed(drill, begun), 'the platform starts', error);
  }
  const result = await runDrill(drill, platform, listener);
  try {
    await platform.close();
  } catch (error) {
    return withFailure(result, 'the platform is put away', error);
  }
  return result;
}

function unplayed({ name, title }: Drill, begunAtMs: number): DrillResult {
  const seconds = (Date.now() - begunAtMs) / 1_000;
  return { drill: name, title, passed: false, seconds, timeline: [], checks: [] };
}

function withFailure(result: DrillResult, what: string, error: unknown): DrillResult {
  return { ...result, passed: false, checks: [...result.checks, { what, ok: false, saw: errorText(error) }] };
}

/** A PostgreSQL that several drills share, each with a database of its own; stopped and removed with `stack`. */
export async function sharedStore(stack: AsyncDisposableStack): Promise<EmbeddedStore> {
  const folder = await labFiles(stack);
  const store = await startEmbeddedStore(join(folder, 'store', 'data'));
  stack.defer(() => store.stop());
  return store;
}
