/** What DOKS lacks and the objects use, at the release of its makers that was checked; applied before everything else. */
export interface Addon {
  readonly name: string;
  readonly version: string;
  readonly namespace: string;
  /** The objects of that release, its CRDs among them. */
  readonly url: string;
  /** The Go module whose CRDs the tests validate against. */
  readonly module?: string;
  readonly why: string;
}

/** Every add-on, pinned. */
export const addons: readonly Addon[] = [
  {
    name: 'metrics-server',
    version: '0.8.0',
    namespace: 'kube-system',
    url: 'https://github.com/kubernetes-sigs/metrics-server/releases/download/v0.8.0/components.yaml',
    why: 'CPU and memory for the autoscaler and for kubectl top',
  },
  {
    name: 'cert-manager',
    version: '1.19.1',
    namespace: 'cert-manager',
    url: 'https://github.com/cert-manager/cert-manager/releases/download/v1.19.1/cert-manager.yaml',
    module: 'github.com/cert-manager/cert-manager',
    why: 'certificates that renew, wildcards by DNS-01',
  },
  {
    name: 'keda',
    version: '2.21.0',
    namespace: 'keda',
    url: 'https://github.com/kedacore/keda/releases/download/v2.21.0/keda-2.21.0.yaml',
    module: 'github.com/kedacore/keda/v2',
    why: 'queries as metrics of the autoscaler',
  },
  {
    name: 'traefik-crds',
    version: '3.5.4',
    namespace: 'gomeet',
    url: 'https://raw.githubusercontent.com/traefik/traefik/v3.5.4/docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml',
    module: 'github.com/traefik/traefik/v3',
    why: 'routes of the dashboards, middlewares and TURN over TLS',
  },
];
