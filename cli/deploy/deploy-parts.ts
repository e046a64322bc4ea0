import { hostname, userInfo } from 'node:os';
import type { Kube } from '../../deploy/kube/port.ts';
import type { DeployOptions } from '../../deploy/phases/ports.ts';
import { type Config, loadConfig } from '../../kernel/config.ts';
import { PortError, UsageError } from '../../kernel/errors.ts';
import type { Environment } from '../../manifests/environments/define.ts';
import { environments } from '../../manifests/environments/index.ts';
import type { PlatformOptions } from './platform.ts';

/** What every command on a deployed platform has in common. */
export interface Target {
  readonly config: Config;
  readonly environment: Environment;
  readonly kube: Kube;
  readonly namespace: string;
}

/** The cluster of KUBECONFIG, and the environment that is asked for. */
export async function openTarget(name: string): Promise<Target> {
  const [{ environmentNamed }, { createKube }] = await Promise.all([
    import('../common/environment.ts'),
    import('../../deploy/adapters/kubernetes.ts'),
  ]);
  const config = loadConfig(process.env);
  const environment = environmentNamed(name);
  const namespace = config.KUBE_NAMESPACE;
  try {
    return { config, environment, namespace, kube: createKube({ kubeconfig: config.KUBECONFIG, namespace }) };
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    throw new UsageError(`${error.message}\n  write one with: gomeet infra kubeconfig --environment ${name}`);
  }
}

/** What is declared for the target, but for add-ons that somebody else has installed, which are left to them. */
export async function declaredFiles(
  { environment, kube }: Target,
  tags: Pick<PlatformOptions, 'release' | 'servicesRelease'> = {},
) {
  const [{ platformFiles }, { withoutForeignAddons }] = await Promise.all([
    import('./platform.ts'),
    import('../../deploy/foreign-addons.ts'),
  ]);
  return await withoutForeignAddons(kube, platformFiles(environment.name, tags));
}

/** What the guards need to know of the environment. */
export function identity({
  environment,
}: Target): Pick<DeployOptions, 'environment' | 'clusterName' | 'others' | 'who'> {
  const { clusterName } = environment.settings;
  const others = Object.values(environments).filter((one) => one.deployable && one.name !== environment.name);
  return {
    environment: environment.name,
    clusterName,
    others: others.flatMap((one) => [one.name, one.settings.clusterName]),
    who: `${userInfo().username}@${hostname()}`,
  };
}

/** Throws a UsageError where the cluster says that it is another environment, or nothing says which it is. */
export async function requireRightCluster(target: Target, context: string | undefined): Promise<void> {
  const { refusals } = await import('../../deploy/guard.ts');
  const { kube, namespace: name } = target;
  const namespace = await kube.get({ apiVersion: 'v1', kind: 'Namespace', name });
  const standing = { ...identity(target), where: kube.where, namespace, foreign: [], digest: '', last: undefined };
  const [wrong] = refusals(standing, { context, adopt: true, supersede: true });
  if (wrong !== undefined) throw new UsageError(`${wrong.says}\n  ${wrong.todo}`);
}
