import type { Efficiency } from '../cost/efficiency.ts';
import { removalCommand } from '../cost/removal.ts';
import type { MonthlyInput } from './input.ts';

/** What could be saved, the largest first; each with the command that goes on from here, none of which was run. */
export function savingsOf(efficiency: Efficiency): MonthlyInput['savings'] {
  const found: MonthlyInput['savings'] = [
    ...efficiency.orphans.map(({ kind, id, name, why, saving, needs }) => ({
      what: `${kind.replaceAll('_', ' ')} ${name}`.slice(0, 300),
      why,
      saving,
      confidence: 'high' as const,
      needs,
      command: removalCommand({ kind, id }),
    })),
    ...efficiency.highMinimums.map(({ name, minNodes, minimumNeeded, saving, confidence }) => ({
      what: `minimum of node pool ${name}`.slice(0, 300),
      why: `it keeps ${minNodes} nodes; ${minimumNeeded} held the highest load with one to lose`,
      saving,
      confidence,
      needs: 'one person',
      command: 'gomeet cost efficiency --plan',
    })),
    ...efficiency.rightSizes
      .filter(({ saving }) => saving > 0)
      .map(({ workload, container, replicas, cpuRequestCores, cpuP95Cores, saving, confidence }) => ({
        what: `requests of ${workload}/${container}`.slice(0, 300),
        why: `${replicas} replicas ask for ${cpuRequestCores.toFixed(2)} cores each, ${cpuP95Cores.toFixed(2)} taken at the 95th percentile`,
        saving,
        confidence,
        needs: 'one person',
        command: 'gomeet cost efficiency --plan',
      })),
  ];
  return found.sort((a, b) => (b.saving ?? 0) - (a.saving ?? 0) || a.what.localeCompare(b.what, 'en'));
}
