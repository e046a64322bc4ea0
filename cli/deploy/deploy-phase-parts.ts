import { createInfraCloud } from '../../deploy/adapters/digitalocean.ts';
import { createDatabaseAdmin } from '../../deploy/adapters/postgres.ts';
import { databasePart } from '../../deploy/parts/database.ts';
import { infrastructurePart } from '../../deploy/parts/infrastructure.ts';
import type { DeployOptions } from '../../deploy/phases/ports.ts';
import { systemClock } from '../../kernel/clock.ts';
import { declareInfrastructure } from '../../manifests/infrastructure/declare.ts';
import type { Target } from './deploy-parts.ts';

/** The parts of phases that are more than objects, as far as their settings are there. */
export function deployPhaseParts({ config, environment, kube, namespace }: Target): DeployOptions['parts'] {
  const { DIGITALOCEAN_TOKEN: token, DIGITALOCEAN_API_URL: url, DATABASE_ADMIN_URL: admin } = config;
  const cloud = token === undefined ? undefined : () => createInfraCloud({ token, url });
  return {
    ...(cloud === undefined
      ? {}
      : { infrastructure: infrastructurePart(cloud, declareInfrastructure(environment), systemClock) }),
    ...(admin === undefined ? {} : { database: databasePart(() => createDatabaseAdmin(admin), kube, namespace) }),
  };
}
