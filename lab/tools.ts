/** Where a tool can be had. */
export type ToolSource =
  /** A Debian package that runs as it is unpacked: no root, and no service starts. */
  | { readonly kind: 'debian-unpack'; readonly packageName: string; readonly path: string }
  /** A Debian package that wants others installed beside it: root, and asked first. */
  | { readonly kind: 'debian-install'; readonly packageName: string }
  /** A Go module of lab/tools/<folder>/go.mod, which pins its version. */
  | { readonly kind: 'go'; readonly folder: string; readonly command: string; readonly minutes: number }
  /** One file of a Go module as it lies there: a schema, not a program. */
  | { readonly kind: 'go-file'; readonly module: string; readonly version: string; readonly path: string };

/** A program that the lab or its tests start. */
export interface Tool {
  readonly name: string;
  /** What it is for, in a few words. */
  readonly what: string;
  /** Module whose version in go.mod is the one that tests want; undefined where any version will do. */
  readonly module?: string;
  /** In order of speed. */
  readonly sources: readonly ToolSource[];
}

/** Every tool, those that the demo needs first. */
export const tools: readonly Tool[] = [
  {
    name: 'prometheus',
    what: 'scrapes and evaluates the rules',
    module: 'github.com/prometheus/prometheus',
    sources: [
      { kind: 'debian-unpack', packageName: 'prometheus', path: 'usr/bin/prometheus' },
      { kind: 'go', folder: 'prometheus', command: 'github.com/prometheus/prometheus/cmd/prometheus', minutes: 4 },
    ],
  },
  {
    name: 'alertmanager',
    what: 'routes alerts to the responder',
    module: 'github.com/prometheus/alertmanager',
    // Debian's reads a template from /usr/share even for a configuration without any, so that it does not run as unpacked.
    sources: [
      {
        kind: 'go',
        folder: 'alertmanager',
        command: 'github.com/prometheus/alertmanager/cmd/alertmanager',
        minutes: 0.4,
      },
    ],
  },
  {
    name: 'promtool',
    what: 'tests the rules',
    module: 'github.com/prometheus/prometheus',
    sources: [
      { kind: 'debian-unpack', packageName: 'prometheus', path: 'usr/bin/promtool' },
      { kind: 'go', folder: 'prometheus', command: 'github.com/prometheus/prometheus/cmd/promtool', minutes: 4 },
    ],
  },
  {
    name: 'promtool-2.42',
    what: 'checks that Debian 12 accepts the rules as well',
    sources: [{ kind: 'debian-unpack', packageName: 'prometheus', path: 'usr/bin/promtool' }],
  },
  {
    name: 'kubectl',
    what: 'reads the commands of the runbook pages',
    sources: [{ kind: 'debian-unpack', packageName: 'kubernetes-client', path: 'usr/bin/kubectl' }],
  },
  {
    name: 'amtool',
    what: "checks Alertmanager's configuration",
    module: 'github.com/prometheus/alertmanager',
    sources: [
      { kind: 'go', folder: 'alertmanager', command: 'github.com/prometheus/alertmanager/cmd/amtool', minutes: 1.2 },
    ],
  },
  {
    name: 'redis-server',
    what: "LiveKit's room map",
    sources: [{ kind: 'debian-install', packageName: 'redis-server' }],
  },
  {
    name: 'livekit-server',
    what: 'the real SFU',
    module: 'github.com/livekit/livekit-server',
    sources: [{ kind: 'go', folder: 'livekit', command: 'github.com/livekit/livekit-server/cmd/server', minutes: 8 }],
  },
  {
    name: 'etcd',
    what: 'storage of the real control plane',
    sources: [
      { kind: 'debian-unpack', packageName: 'etcd-server', path: 'usr/bin/etcd' },
      { kind: 'go', folder: 'etcd', command: 'go.etcd.io/etcd/server/v3', minutes: 0.5 },
    ],
  },
  ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(
    (name): Tool => ({
      name,
      what: 'the real control plane',
      module: 'k8s.io/kubernetes',
      sources: [{ kind: 'go', folder: 'kubernetes', command: `k8s.io/kubernetes/cmd/${name}`, minutes: 4.6 }],
    }),
  ),
  {
    name: 'kwok',
    what: 'nodes and pods without kubelets',
    module: 'sigs.k8s.io/kwok',
    sources: [{ kind: 'go', folder: 'kwok', command: 'sigs.k8s.io/kwok/cmd/kwok', minutes: 1.2 }],
  },
  {
    name: 'traefik',
    what: 'the real gateway',
    module: 'github.com/traefik/traefik/v3',
    sources: [{ kind: 'go', folder: 'traefik', command: 'github.com/traefik/traefik/v3/cmd/traefik', minutes: 5 }],
  },
  {
    name: 'coredns',
    what: 'the name server of a cluster',
    module: 'github.com/coredns/coredns',
    sources: [{ kind: 'go', folder: 'coredns', command: '.', minutes: 0.5 }],
  },
  {
    name: 'cert-manager-metrics',
    what: 'what cert-manager says of certificates',
    module: 'github.com/cert-manager/cert-manager',
    sources: [{ kind: 'go', folder: 'cert-manager-metrics', command: '.', minutes: 1 }],
  },
  {
    name: 'openssl',
    what: 'the certificate by which further APIs know the API server',
    sources: [{ kind: 'debian-unpack', packageName: 'openssl', path: 'usr/bin/openssl' }],
  },
  {
    name: 'metrics-server',
    what: 'CPU and memory for the autoscaler',
    module: 'sigs.k8s.io/metrics-server',
    sources: [
      {
        kind: 'go',
        folder: 'metrics-server',
        command: 'sigs.k8s.io/metrics-server/cmd/metrics-server',
        minutes: 3.3,
      },
    ],
  },
  ...['operator', 'adapter'].map(
    (name): Tool => ({
      name: `keda-${name}`,
      what: 'queries as metrics of the autoscaler',
      module: 'github.com/kedacore/keda/v2',
      sources: [{ kind: 'go', folder: 'keda', command: `github.com/kedacore/keda/v2/cmd/${name}`, minutes: 8 }],
    }),
  ),
  {
    name: 'pg_dump',
    what: 'PostgreSQL 15 with its own client, for backups and restores',
    sources: [{ kind: 'debian-install', packageName: 'postgresql-15' }],
  },
  {
    name: 'age',
    what: 'the native pipeline that backups are measured against',
    sources: [{ kind: 'debian-unpack', packageName: 'age', path: 'usr/bin/age' }],
  },
  {
    name: 'zstd',
    what: 'the native pipeline that backups are measured against',
    sources: [{ kind: 'debian-unpack', packageName: 'zstd', path: 'usr/bin/zstd' }],
  },
  {
    name: 'versitygw',
    what: 'the S3 server that backups go to',
    module: 'github.com/versity/versitygw',
    sources: [{ kind: 'go', folder: 'versitygw', command: 'github.com/versity/versitygw/cmd/versitygw', minutes: 1.3 }],
  },
  ...[
    ['openapi-1.34', 'k8s.io/kubernetes', 'v1.34.0', 'api/openapi-spec/swagger.json'],
    ['openapi-1.35', 'k8s.io/kubernetes', 'v1.35.0', 'api/openapi-spec/swagger.json'],
    ['openapi-1.36', 'k8s.io/kubernetes', 'v1.36.1', 'api/openapi-spec/swagger.json'],
    ['crd-scaledobjects', 'github.com/kedacore/keda/v2', 'v2.21.0', 'config/crd/bases/keda.sh_scaledobjects.yaml'],
    [
      'crd-certificates',
      'github.com/cert-manager/cert-manager',
      'v1.19.1',
      'deploy/crds/cert-manager.io_certificates.yaml',
    ],
    ['crd-issuers', 'github.com/cert-manager/cert-manager', 'v1.19.1', 'deploy/crds/cert-manager.io_issuers.yaml'],
    [
      'crd-traefik',
      'github.com/traefik/traefik/v3',
      'v3.5.4',
      'docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml',
    ],
  ].map(
    ([name = '', module = '', version = '', path = '']): Tool => ({
      name,
      what: 'the schema that objects are checked against',
      module,
      sources: [{ kind: 'go-file', module, version, path }],
    }),
  ),
  ...['node', 'blackbox', 'redis', 'postgres'].map((of): Tool => {
    const name = `prometheus-${of}-exporter`;
    return {
      name,
      what: `what ${of === 'node' ? 'a machine' : of === 'blackbox' ? 'an address' : of} says of itself: queries are proved on it`,
      sources: [{ kind: 'debian-unpack', packageName: name, path: `usr/bin/${name}` }],
    };
  }),
  {
    name: 'actionlint',
    what: 'reads the workflow as GitHub would',
    module: 'github.com/rhysd/actionlint',
    sources: [
      { kind: 'go', folder: 'actionlint', command: 'github.com/rhysd/actionlint/cmd/actionlint', minutes: 0.2 },
    ],
  },
  {
    name: 'shellcheck',
    what: 'reads the scripts in the workflow',
    sources: [{ kind: 'debian-unpack', packageName: 'shellcheck', path: 'usr/bin/shellcheck' }],
  },
  {
    name: 'chromium',
    what: 'clicks through the console in tests',
    sources: [{ kind: 'debian-install', packageName: 'chromium' }],
  },
];

/** Kubernetes versions whose schemas the objects must pass: those that DOKS offers. */
export const kubernetesSchemas: readonly string[] = ['openapi-1.34', 'openapi-1.35', 'openapi-1.36'];

/** Definitions of the custom resources that the objects use. */
export const customResources: readonly string[] = [
  'crd-scaledobjects',
  'crd-certificates',
  'crd-issuers',
  'crd-traefik',
];

/** Tools without which `npm run demo` cannot run. */
export const demoTools: readonly string[] = ['prometheus', 'alertmanager'];
