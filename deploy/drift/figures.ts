import type { Environment } from '../../manifests/environments/define.ts';
import { fieldOf, type KubeObject } from '../kube/object.ts';

/** One figure three times: as declared, as it runs, as the two seed documents have it. */
export interface Figure {
  readonly what: string;
  readonly declared: string;
  readonly running: string;
  readonly documented: string;
}

/** Replicas, ceilings and requests of every workload; `-` where there is none. */
export function figures(
  declared: Environment,
  documented: Environment,
  running: readonly KubeObject[],
): readonly Figure[] {
  const scalers = running.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
  return declared.workloads
    .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
    .flatMap((workload) => {
      const { name } = workload;
      const seed = documented.workloads.find((one) => one.name === name);
      const object = running.find(({ kind, metadata }) => kind === workload.kind && metadata.name === name);
      const scaler = scalers.find((one) => fieldOf(one, 'spec', 'scaleTargetRef', 'name') === name);
      const container = fieldOf(object, 'spec', 'template', 'spec', 'containers', '0');
      const row = (what: string, of: readonly [unknown, unknown, unknown]): Figure => {
        const [mine, runs, theirs] = of.map((value) => (value === undefined ? '-' : String(value)));
        return { what: `${name} ${what}`, declared: mine ?? '-', running: runs ?? '-', documented: theirs ?? '-' };
      };
      const requests = (one: typeof workload | undefined) =>
        one === undefined ? undefined : `${one.requests.cpuCores} cores, ${one.requests.memoryGib} GiB`;
      const asked = fieldOf(container, 'resources', 'requests');
      return [
        row('replicas', [workload.replicas, fieldOf(object, 'spec', 'replicas'), seed?.replicas]),
        row('at most', [workload.maxReplicas, fieldOf(scaler, 'spec', 'maxReplicas'), seed?.maxReplicas]),
        row('requests', [
          requests(workload),
          asked === undefined ? undefined : `${String(fieldOf(asked, 'cpu'))}, ${String(fieldOf(asked, 'memory'))}`,
          requests(seed),
        ]),
        row('image', [workload.image, fieldOf(container, 'image'), seed?.image]),
      ];
    });
}
