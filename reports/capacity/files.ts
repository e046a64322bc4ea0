import { z } from 'zod';
import { errorText, UsageError } from '../../kernel/errors.ts';
import { downlinkOf, measuredDownlink, namedMixes, type RoomMix } from '../../model/capacity/mixes.ts';
import type { TrafficPoint } from '../../model/forecast/grid.ts';
import { printable } from './text.ts';

const count = (most: number) => z.number().int().min(0).max(most);

const Room = {
  name: z.string().regex(/^[\w .-]{1,40}$/),
  share: z.number().positive().max(1_000_000),
  participants: z.number().int().min(1).max(10_000),
};
const SeenRoom = z.strictObject({
  ...Room,
  tiles: count(1_000),
  speakers: count(1_000),
  mainVideos: count(100),
});
const MeasuredRoom = z.strictObject({
  ...Room,
  megabitsPerSecond: z.number().positive().max(1_000),
  packetsPerSecond: z.number().positive().max(1_000_000).optional(),
});
const MixFile = z.strictObject({
  name: z.string().regex(/^[\w .-]{1,40}$/),
  kinds: z
    .array(z.union([SeenRoom, MeasuredRoom]))
    .min(1)
    .max(50),
});

/** A mix from the text of its file; throws a UsageError that names the field. */
export function parseMix(text: string, file: string): RoomMix {
  const { name, kinds } = parsed(MixFile, text, file);
  return {
    name,
    about: `from ${file}`,
    kinds: kinds.map((kind) => ({
      name: kind.name,
      share: kind.share,
      participants: kind.participants,
      downlink: 'tiles' in kind ? downlinkOf(kind) : measuredDownlink(kind.megabitsPerSecond, kind.packetsPerSecond),
    })),
  };
}

/** The mix of that name; undefined when none has it. */
export function namedMix(name: string): RoomMix | undefined {
  return namedMixes.find((mix) => mix.name === name);
}

const History = z
  .array(z.object({ at: z.iso.datetime({ offset: true }), participants: z.number().min(0) }))
  .max(200_000);

/** Recorded traffic from the text of its file, a list of `{ at, participants }`; throws a UsageError that names the field. */
export function parseHistory(text: string, file: string): TrafficPoint[] {
  return parsed(History, text, file).map(({ at, participants }) => ({ atMs: Date.parse(at), participants }));
}

function parsed<T>(schema: z.ZodType<T>, text: string, file: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: not JSON: ${printable(errorText(error))}`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UsageError(
    `${file}: ${issue?.path.join('.') || 'top level'}: ${printable(issue?.message ?? 'not understood')}`,
  );
}
