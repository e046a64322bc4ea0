import { closest } from 'fastest-levenshtein';
import { UsageError } from '../kernel/errors.ts';
import { type WorkloadName, workloadNamed, workloads } from '../manifests/catalogue/index.ts';

/** The catalogue's name for what a person typed; throws a UsageError that offers the nearest one there is. */
export function catalogued(name: string): WorkloadName {
  const found = workloadNamed(name);
  if (found !== undefined) return found.name;
  const near = closest(
    name,
    workloads.map((workload) => workload.name),
  );
  throw new UsageError(`${name} is not in the catalogue. Did you mean ${near}?`);
}
