import { readFileSync } from 'node:fs';
import { type KubernetesObject, untyped } from '../objects/object.ts';

/** What DOKS lacks and the objects use: the objects of a release of its makers, kept here, and applied before everything else. */
export interface Addon {
  readonly name: 'metrics-server' | 'cert-manager' | 'keda' | 'traefik-crds';
  readonly version: string;
  /** The Go module with its files, whose checksum Go's own database of checksums vouches for. */
  readonly module: string;
  /** What made the file of its module: prose of definitions is left out, names of images got their tag, nothing else was touched. */
  readonly made: string;
  /** SHA-256 of the file beside this one. */
  readonly sha256: string;
  readonly why: string;
}

/** Every add-on, pinned, in the order of application. */
export const addons: readonly Addon[] = [
  {
    name: 'metrics-server',
    version: '0.9.0',
    module: 'sigs.k8s.io/metrics-server',
    made: 'kubectl kustomize manifests/overlays/release',
    sha256: '3bfe982fc4b501c57b44da41c8d8bedddad064694c491079be7ae4110b03de8f',
    why: 'CPU and memory for the autoscaler and for kubectl top',
  },
  {
    name: 'cert-manager',
    version: '1.19.1',
    module: 'github.com/cert-manager/cert-manager',
    made: 'deploy/crds, then helm template deploy/charts/cert-manager --set creator=static,startupapicheck.enabled=false',
    sha256: 'fc570a0057901909e3efde53491f1b05f62868c6a1eb2a7ac6239d2deb2d320f',
    why: 'certificates that renew, wildcards by DNS-01',
  },
  {
    name: 'keda',
    version: '2.21.0',
    module: 'github.com/kedacore/keda/v2',
    made: 'kubectl kustomize config/default',
    sha256: 'f4f2123ad0874379b1dde23ff6fb6d3b9add693d0b74c534875763b30581e717',
    why: 'queries as metrics of the autoscaler',
  },
  {
    name: 'traefik-crds',
    version: '3.5.4',
    module: 'github.com/traefik/traefik/v3',
    made: 'docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml',
    sha256: '64cd37d7626e6a2b5ccda5aecb0a5e5e56c98d9de50465b84edbed62e708b40f',
    why: 'routes of the dashboards, middlewares and TURN over TLS',
  },
];

/** The file of a release: an object a line. */
export function releaseText(name: Addon['name']): string {
  return readFileSync(new URL(`./${name}.jsonl`, import.meta.url), 'utf8');
}

/** The objects of a release as its makers have them. */
export function released(name: Addon['name']): readonly KubernetesObject[] {
  return releaseText(name)
    .trimEnd()
    .split('\n')
    .map((line) => untyped(JSON.parse(line)));
}
