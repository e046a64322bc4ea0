import { addons } from './addons/index.ts';
import type { EnvironmentName } from './environments/define.ts';
import { environments } from './environments/index.ts';
import { addonFile } from './files/addons.ts';
import { apiServicesFile } from './files/api-services.ts';
import { backupFile } from './files/backup.ts';
import { priorityClassesFile, storageClassesFile } from './files/classes.ts';
import { configMapsFile } from './files/configmaps.ts';
import { disruptionBudgetsFile } from './files/disruption-budgets.ts';
import { hpaFile } from './files/hpa.ts';
import { ingressFile } from './files/ingress.ts';
import { livekitFile } from './files/livekit-sfu.ts';
import { loggingFile } from './files/logging.ts';
import { monitoringFile } from './files/monitoring.ts';
import { namespaceFile } from './files/namespace.ts';
import { networkPoliciesFile } from './files/network-policies.ts';
import { podSecurityFile } from './files/pod-security.ts';
import { postgresFile } from './files/postgres-config.ts';
import { rbacFile } from './files/rbac.ts';
import { redisFile } from './files/redis-config.ts';
import { secretsFile } from './files/secrets.ts';
import { traefikFile } from './files/traefik-gateway.ts';
import type { Context, RenderInputs } from './objects/context.ts';
import type { KubernetesObject } from './objects/object.ts';

/** One file of an environment, under the README's name where the README has it. */
export interface RenderedFile {
  readonly path: string;
  readonly objects: readonly KubernetesObject[];
}

/** The files in the order in which they are applied: the README's, with what they rest on before and what guards them after. */
const files: readonly (readonly [string, (context: Context) => readonly KubernetesObject[]])[] = [
  ...addons.map(({ name }) => [`${name}.yaml`, addonFile(name)] as const),
  ['namespace.yaml', namespaceFile],
  ['priority-classes.yaml', priorityClassesFile],
  ['storage-classes.yaml', storageClassesFile],
  ['pod-security.yaml', podSecurityFile],
  ['rbac.yaml', rbacFile],
  ['secrets.yaml', secretsFile],
  ['configmaps.yaml', configMapsFile],
  ['postgres-config.yaml', postgresFile],
  ['redis-config.yaml', redisFile],
  ['api-services.yaml', apiServicesFile],
  ['livekit-sfu.yaml', livekitFile],
  ['traefik-gateway.yaml', traefikFile],
  ['ingress.yaml', ingressFile],
  ['monitoring.yaml', monitoringFile],
  ['logging.yaml', loggingFile],
  ['backup.yaml', backupFile],
  ['hpa.yaml', hpaFile],
  ['disruption-budgets.yaml', disruptionBudgetsFile],
  ['network-policies.yaml', networkPoliciesFile],
];

/** What is rendered where nothing is handed in: everything but what alerts, boards and actions make. */
export const noInputs: RenderInputs = { release: '0.1.0', configuration: {}, roles: [] };

/** All objects of an environment, file by file in the order of their application. Throws for a fixture, which is only there to be refused. */
export function renderEnvironment(name: EnvironmentName, inputs: RenderInputs = noInputs): readonly RenderedFile[] {
  const environment = environments[name];
  if (!environment.deployable) throw new TypeError(`${name} is a fixture: its numbers fit on no nodes it has`);
  const context: Context = { ...inputs, environment };
  return files.map(([path, render]) => ({ path, objects: render(context) }));
}
