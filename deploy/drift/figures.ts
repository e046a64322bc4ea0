import type { Workload } from '../../manifests/catalogue/define.ts';
import { namespaceOf } from '../../manifests/edges.ts';
import type { Environment } from '../../manifests/environments/define.ts';
import { autoscaled } from '../../manifests/files/hpa.ts';
import { cpu, memory } from '../../manifests/objects/object.ts';
import { fieldOf, type KubeObject } from '../kube/object.ts';

/** One figure three times: as declared, as it runs, as the two seed documents have it; `-` where there is none. */
export interface Figure {
  readonly what: string;
  readonly declared: string;
  readonly running: string;
  readonly documented: string;
}

/** Replicas, ceilings, requests and images of every workload, written alike so that equal is equal. */
export function figures(
  declared: Environment,
  documented: Environment,
  running: readonly KubeObject[],
): readonly Figure[] {
  const scalers = running.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
  const scaled = new Set(autoscaled(declared.workloads).map(({ workload }) => workload.name));
  return declared.workloads
    .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
    .flatMap((workload) => {
      const { name } = workload;
      const seed = documented.workloads.find((one) => one.name === name);
      const object = running.find(
        ({ kind, metadata }) =>
          kind === workload.kind && metadata.name === name && metadata.namespace === namespaceOf(workload),
      );
      const scaler = scalers.find((one) => fieldOf(one, 'spec', 'scaleTargetRef', 'name') === name);
      const container = fieldOf(object, 'spec', 'template', 'spec', 'containers', '0');
      const image = fieldOf(container, 'image');
      const asked = fieldOf(container, 'resources', 'requests');
      const row = (what: string, of: readonly [unknown, unknown, unknown]): Figure => {
        const [mine, runs, theirs] = of.map((value) => (value === undefined ? '-' : String(value)));
        return { what: `${name} ${what}`, declared: mine ?? '-', running: runs ?? '-', documented: theirs ?? '-' };
      };
      return [
        row('replicas', [workload.replicas, fieldOf(object, 'spec', 'replicas'), seed?.replicas]),
        row('at most', [
          scaled.has(name) ? workload.maxReplicas : undefined,
          fieldOf(scaler, 'spec', 'maxReplicas'),
          seed?.maxReplicas,
        ]),
        row('requests', [
          requests(workload),
          asked === undefined ? undefined : `${String(fieldOf(asked, 'cpu'))}, ${String(fieldOf(asked, 'memory'))}`,
          requests(seed),
        ]),
        // What GoMeet builds is declared without a tag: which release runs is no drift.
        row('image', [workload.image, withTagOf(workload.image, image), seed?.image]),
      ];
    });
}

function requests(workload: Workload | undefined): string | undefined {
  return workload === undefined
    ? undefined
    : `${cpu(workload.requests.cpuCores)}, ${memory(workload.requests.memoryGib)}`;
}

function withTagOf(declared: string | undefined, running: unknown): unknown {
  const untagged = declared !== undefined && typeof running === 'string' && running.startsWith(`${declared}:`);
  return untagged ? declared : running;
}
