import { Document } from 'yaml';
import { formatUsd } from '../../kernel/money.ts';
import { removalCommand } from './removal.ts';
import type { CostReport } from './report.ts';

/** One change: what it is, the command that makes it, and the patch. */
interface Change {
  readonly says: string;
  readonly command: string;
  readonly patch: object;
}

/** What `--plan` prints: every change as a patch, with the command by which a person makes it. Nothing here is ever applied by the command. */
export function toPlan({ efficiency, nowMs }: CostReport): string {
  const head = `# Plan of ${new Date(nowMs).toISOString()}. Nothing was changed.\n# A change of requests restarts the pods: never those of livekit-sfu while meetings run.\n`;
  const documents = changesOf(efficiency).map(({ says, command, patch }) => {
    const document = new Document(patch);
    document.commentBefore = ` ${says}\n ${command}`;
    return document.toString();
  });
  return [head, ...documents].join('---\n');
}

function changesOf({ rightSizes, highMinimums, orphans }: CostReport['efficiency']): readonly Change[] {
  const workloads = [...Map.groupBy(rightSizes, ({ namespace, workload }) => `${namespace}/${workload}`).values()];
  return [
    ...workloads.map((containers): Change => {
      const { workload = '', namespace = '' } = containers[0] ?? {};
      return {
        says: `requests of ${word(workload)}`,
        command: `kubectl -n ${word(namespace)} patch deployment ${word(workload)} --type strategic --patch-file FILE`,
        patch: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: workload, namespace },
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
        },
      };
    }),
    ...highMinimums.map(
      ({ clusterId, id, name, minNodes, minimumNeeded }): Change => ({
        says: `${word(name)}: minimum ${minNodes} -> ${minimumNeeded}`,
        command: `doctl kubernetes cluster node-pool update ${word(clusterId)} ${word(id)} --min-nodes ${minimumNeeded}`,
        patch: { nodePool: { cluster: clusterId, id, minNodes: minimumNeeded } },
      }),
    ),
    ...orphans.map((orphan): Change => {
      const { kind, id, name, why, needs, saving } = orphan;
      const worth = saving === undefined ? 'an unknown saving' : `${formatUsd(saving)} a month`;
      return {
        says: `${kind} ${word(name)}: ${why}; ${worth}. It takes ${needs}.`,
        command: removalCommand(orphan),
        patch: { remove: { kind, id } },
      };
    }),
  ];
}

/** A name that cannot end its comment: whoever names a resource could otherwise write into the plan. */
function word(text: string): string {
  return text.replace(/[^\w.:-]/g, '_');
}
