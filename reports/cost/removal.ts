import type { CostKind } from '../../model/cost/lines.ts';

/** The command by which a person goes on with something that nobody uses. A volume goes only by our own, which asks a second person and makes a snapshot first. */
export function removalCommand({ kind, id }: { readonly kind: CostKind; readonly id: string }): string {
  const word = id.replace(/[^\w.:-]/g, '_');
  switch (kind) {
    case 'volume':
      return `gomeet cost delete-volume ${word}`;
    case 'snapshot':
      return `doctl compute snapshot delete ${word}`;
    case 'reserved_ip':
      return `doctl compute reserved-ip delete ${word}`;
    case 'load_balancer':
      return `doctl compute load-balancer delete ${word}`;
    case 'registry':
      return 'doctl registry garbage-collection start --include-untagged-manifests';
    default:
      return 'gomeet cost efficiency';
  }
}
