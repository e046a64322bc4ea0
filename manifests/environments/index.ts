import type { Environment, EnvironmentName } from './define.ts';
import { documented } from './documented.ts';
import { production } from './production.ts';
import { readme } from './readme.ts';
import { staging } from './staging.ts';
import { starter } from './starter.ts';

/** Every environment: two fixtures of the original documents, and three that can be deployed. */
export const environments: Readonly<Record<EnvironmentName, Environment>> = {
  readme,
  documented,
  production,
  staging,
  starter,
};
