import type { z } from 'zod';
import { errorText } from '../../kernel/errors.ts';
import type { Objects } from '../ports.ts';
import type { Part } from './define.ts';

/** What `read` gives, or why it could not be read: one part that is missing leaves the others as they are. */
export async function part<T>(read: () => Promise<T>): Promise<Part<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    return { missing: errorText(error) };
  }
}

/** Lists objects of a kind in their shape, of our own namespace unless said. */
export function lister(objects: Objects, namespace?: string) {
  return <T>(apiVersion: string, kind: string, shape: z.ZodType<T>): Promise<Part<readonly T[]>> =>
    part(async () =>
      (
        await objects.list({ apiVersion, kind, ...(namespace === undefined || kind === 'Node' ? {} : { namespace }) })
      ).map((object) => shape.parse(object)),
    );
}
