import type { Environment } from '../../manifests/environments/define.ts';
import type { Infrastructure } from '../../manifests/infrastructure/define.ts';
import type { Observed } from '../infra/observed.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Kube } from '../kube/port.ts';

/** What the checklists look with; what is undefined is not set up, and its checks are unknown. */
export interface CheckPorts {
  readonly kube: Kube;
  readonly namespace: string;
  readonly environment: Environment;
  readonly infrastructure: Infrastructure;
  readonly declared: readonly KubeObject[];
  readonly cloud: (() => Promise<Observed>) | undefined;
  /** Samples of a PromQL query. */
  readonly query:
    | ((
        expr: string,
      ) => Promise<readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]>)
    | undefined;
  /** Status of a GET, or of a WebSocket handshake. */
  readonly status: (url: string, kind: 'get' | 'websocket') => Promise<number>;
  readonly resolve: (host: string) => Promise<readonly string[]>;
}
