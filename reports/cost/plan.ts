import { stringify } from 'yaml';
import type { CostReport } from './report.ts';

/** What `--plan` prints: patches of the requests, the pool minimums as the API takes them, and as comments what only people may remove. Nothing here is ever applied by the command. */
export function toPlan({ efficiency, nowMs }: CostReport): string {
  const patches = [
    ...Map.groupBy(efficiency.rightSizes, ({ namespace, workload }) => `${namespace}/${workload}`).values(),
  ];
  const documents = [
    ...patches.map((containers) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: containers[0]?.workload, namespace: containers[0]?.namespace },
      spec: {
        template: {
          spec: {
            containers: containers.map(({ container, cpuCores, memoryGib }) => ({
              name: container,
              resources: {
                requests: {
                  cpu: `${Math.round(cpuCores * 1_000)}m`,
                  memory: `${Math.ceil(memoryGib * 1_024)}Mi`,
                },
              },
            })),
          },
        },
      },
    })),
  ].map((document) => stringify(document));
  const pools = efficiency.highMinimums.map(
    ({ clusterId, id, name, minNodes, minimumNeeded }) =>
      `# ${word(name)}: minimum ${minNodes} -> ${minimumNeeded}\n# doctl kubernetes cluster node-pool update ${word(clusterId)} ${word(id)} --min-nodes ${minimumNeeded}\n`,
  );
  const removals = efficiency.orphans.map(
    ({ kind, id, name, why, needs }) => `# ${kind} ${word(name)} (${word(id)}): ${why}. To remove it: ${needs}.\n`,
  );
  const head = `# Plan of ${new Date(nowMs).toISOString()}. Nothing was changed.\n# A change of requests restarts the pods: never those of livekit-sfu while meetings run.\n# kubectl patch --type strategic --patch-file FILE, one document each.\n`;
  const comments = [...pools, ...removals].join('');
  return [head + comments, ...documents].join('---\n');
}

/** A name that cannot end its comment: whoever names a resource could otherwise write into the plan. */
function word(text: string): string {
  return text.replace(/[^\w.:-]/g, '_');
}
