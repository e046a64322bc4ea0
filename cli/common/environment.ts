import { UsageError } from '../../kernel/errors.ts';
import type { Environment } from '../../manifests/environments/define.ts';
import { environments } from '../../manifests/environments/index.ts';
import { nearest } from './nearest.ts';

/** The environment of that name that can be deployed; throws a UsageError that names those there are. */
export function environmentNamed(name: string): Environment {
  const deployable = Object.values(environments).filter((one) => one.deployable);
  const found = deployable.find((one) => one.name === name);
  const names = deployable.map((one) => one.name);
  if (found === undefined)
    throw new UsageError(`no environment ${name} to deploy${nearest(name, names)}; there is ${names.join(', ')}`);
  return found;
}
