import { createInfraCloud } from '../../deploy/adapters/digitalocean.ts';
import { addressesOf, statusOf } from '../../deploy/adapters/reach.ts';
import { networkProbe } from '../../deploy/checks/network-probe.ts';
import type { CheckPorts } from '../../deploy/checks/ports.ts';
import { postDeployment } from '../../deploy/checks/post-deployment.ts';
import { preDeployment } from '../../deploy/checks/pre-deployment.ts';
import { validation } from '../../deploy/checks/validation.ts';
import type { Observed } from '../../deploy/infra/observed.ts';
import type { DeployOptions } from '../../deploy/phases/ports.ts';
import { systemClock } from '../../kernel/clock.ts';
import { bundleImage } from '../../manifests/catalogue/parts.ts';
import { declareInfrastructure } from '../../manifests/infrastructure/declare.ts';
import { createPrometheus } from '../../responders/adapters/prometheus.ts';
import type { Target } from './deploy-parts.ts';
import { platformFiles } from './platform.ts';

/** The README's three checklists, over the live ports that are set up; with the tag of a release, also the pod that probes the network policies. */
export function deployChecks(target: Target, probeTag?: string): DeployOptions['checks'] {
  const { config, environment, kube, namespace } = target;
  const infrastructure = declareInfrastructure(environment);
  const { DIGITALOCEAN_TOKEN: token, DIGITALOCEAN_API_URL: url, PROMETHEUS_URL: prometheus } = config;
  let observed: Promise<Observed> | undefined;
  const ports: CheckPorts = {
    kube,
    namespace,
    environment,
    infrastructure,
    declared: platformFiles(environment.name).flatMap(({ objects }) => objects),
    cloud:
      token === undefined
        ? undefined
        : () => {
            observed ??= createInfraCloud({ token, url }).then((cloud) => cloud.observe(infrastructure));
            return observed;
          },
    query: prometheus === undefined ? undefined : (expr) => createPrometheus({ url: prometheus }).query(expr),
    status: statusOf,
    resolve: addressesOf,
  };
  const probe =
    probeTag === undefined
      ? []
      : [networkProbe({ kube, clock: systemClock, environment, image: `${bundleImage}:${probeTag}` })];
  return {
    preDeployment: preDeployment(ports),
    postDeployment: [...postDeployment(ports), ...probe],
    validation: validation(ports),
  };
}
