import { closest } from 'fastest-levenshtein';
import { UsageError } from '../../kernel/errors.ts';
import { type WorkloadName, workloadNamed, workloads } from '../../manifests/catalogue/index.ts';

/** The catalogue's name for what a person typed; throws a UsageError that offers the nearest one there is. */
export function catalogued(name: string): WorkloadName {
  const found = workloadNamed(name);
  if (found !== undefined) return found.name;
  const names = workloads.map((workload) => workload.name);
  // Of `chat` the letters are nearer to `backup` than to `chat-service`; people leave endings out.
  const near = names.find((one) => name.length > 2 && one.startsWith(name)) ?? closest(name, names);
  throw new UsageError(`${name} is not in the catalogue. Did you mean ${near}?`);
}
