import type { Infrastructure } from '../../manifests/infrastructure/define.ts';
import type { Observed } from './observed.ts';
import type { Call } from './plan-types.ts';

/** DigitalOcean as infrastructure is planned and made by. */
export interface InfraCloud {
  /** Everything a plan looks at. Throws a PortError: half a look is no look, since what is not seen would be made a second time. */
  observe(declared: Infrastructure): Promise<Observed>;
  /** Sends one request, once. Throws a PortError that says what is known of the outcome. */
  carryOut(call: Call): Promise<void>;
  /** A kubeconfig for the cluster, as YAML; it holds a credential and belongs in a file that only its owner reads. */
  kubeconfig(clusterId: string): Promise<string>;
}
