import type { Workload } from './catalogue/define.ts';

/** New pods that a rollout makes before an old one may go: a quarter, of SFUs one, since each takes a node of its own. */
export function maxSurge({ name }: Workload): number | '25%' {
  return name === 'livekit-sfu' ? 1 : '25%';
}

/** How many that is of so many replicas; none for what is replaced in its place, or rolled out by its makers' objects. */
export function surgeOf(workload: Workload, replicas: number): number {
  if (workload.kind !== 'Deployment') return 0;
  const most = maxSurge(workload);
  // Kubernetes rounds a surge up.
  return Math.min(typeof most === 'number' ? most : Math.ceil(replicas / 4), replicas);
}
