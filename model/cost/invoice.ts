import { type MicroUsd, sumUsd } from '../../kernel/money.ts';
import type { CostKind } from './lines.ts';

/** A line of an invoice as far as the reports need it. */
export interface InvoicedItem {
  readonly product: string;
  readonly description: string;
  readonly amount: MicroUsd;
}

/** What a line of an invoice is for: something that the estimate knows, or one of the invoice's own. */
export type InvoicedKind = CostKind | 'tax' | 'credit' | 'other';

const productNames: Readonly<Record<InvoicedKind, string>> = {
  droplet: 'nodes',
  control_plane: 'control plane',
  database: 'databases',
  load_balancer: 'load balancers',
  volume: 'volumes',
  snapshot: 'snapshots',
  registry: 'registry',
  reserved_ip: 'idle addresses',
  spaces: 'Spaces',
  transfer: 'traffic above the pool',
  tax: 'tax',
  credit: 'credits',
  other: 'other',
};

/** A product as people call it: `load balancers`. */
export function productName(kind: InvoicedKind): string {
  return productNames[kind];
}

// The first that matches: credits and taxes name products too, and an HA control plane stands under Kubernetes.
const kinds: readonly (readonly [RegExp, InvoicedKind])[] = [
  [/credit|coupon|promo|adjustment|refund|discount/i, 'credit'],
  [/\b(tax|vat|gst)\b/i, 'tax'],
  [/bandwidth|transfer/i, 'transfer'],
  [/snapshot|backup/i, 'snapshot'],
  [/volume|block storage/i, 'volume'],
  [/load ?balancer/i, 'load_balancer'],
  [/database/i, 'database'],
  [/spaces/i, 'spaces'],
  [/registry/i, 'registry'],
  [/(reserved|floating) ip/i, 'reserved_ip'],
  [/(control plane|high availability|\bHA\b)/i, 'control_plane'],
  [/kubernetes|droplet/i, 'droplet'],
];

/** What an item is for, by its product, else by its description. */
export function kindOf({ product, description }: Pick<InvoicedItem, 'product' | 'description'>): InvoicedKind {
  const control = /(control plane|high availability|\bHA\b)/i;
  if (/kubernetes/i.test(product) && control.test(description)) return 'control_plane';
  for (const text of [product, description]) {
    const found = kinds.find(([pattern]) => pattern.test(text));
    if (found !== undefined) return found[1];
  }
  return 'other';
}

/** An invoice by what it is for; what its items do not come to is `other`, so that the parts are the whole. */
export function invoiceByKind(amount: MicroUsd, items: readonly InvoicedItem[]): ReadonlyMap<InvoicedKind, MicroUsd> {
  const groups = new Map<InvoicedKind, MicroUsd>(
    [...Map.groupBy(items, kindOf)].map(([kind, group]) => [kind, sumUsd(group.map((item) => item.amount))]),
  );
  const missing = (amount - sumUsd([...groups.values()])) as MicroUsd;
  if (missing !== 0) groups.set('other', ((groups.get('other') ?? 0) + missing) as MicroUsd);
  return groups;
}

/** One product: what was estimated, what was billed, and why the two differ. */
export interface Reconciled {
  readonly kind: InvoicedKind;
  readonly estimate: MicroUsd;
  readonly invoice: MicroUsd;
  readonly difference: MicroUsd;
  readonly why: string;
}

/** The estimate against the invoice; `differenceRatio` is over what the estimate can know, so without tax, credits and what nobody can place. */
export interface Reconciliation {
  readonly rows: readonly Reconciled[];
  readonly differenceRatio: number | undefined;
  /** 2 % is the aim (FinOps practice for an estimate at list price). */
  readonly within: boolean;
}

const aimRatio = 0.02;
const ownOfInvoice: ReadonlySet<InvoicedKind> = new Set(['tax', 'credit', 'other']);

/** Compares by product. `doubts` says why an estimate of that product may be off. */
export function reconcile(
  estimate: ReadonlyMap<CostKind, MicroUsd>,
  invoice: ReadonlyMap<InvoicedKind, MicroUsd>,
  doubts: (kind: CostKind) => string | undefined,
): Reconciliation {
  const all = [...new Set<InvoicedKind>([...estimate.keys(), ...invoice.keys()])];
  const amount = (of: ReadonlyMap<InvoicedKind, MicroUsd>, kind: InvoicedKind) => of.get(kind) ?? (0 as MicroUsd);
  const rows = all
    .map((kind): Reconciled => {
      const [guessed, billed] = [amount(estimate, kind), amount(invoice, kind)];
      const difference = (billed - guessed) as MicroUsd;
      return { kind, estimate: guessed, invoice: billed, difference, why: why(kind, guessed, billed, doubts) };
    })
    .filter((row) => row.estimate !== 0 || row.invoice !== 0)
    .sort((a, b) => b.invoice - a.invoice || a.kind.localeCompare(b.kind, 'en'));
  const comparable = rows.filter(({ kind }) => !ownOfInvoice.has(kind));
  const [guessed, billed] = [
    sumUsd(comparable.map((row) => row.estimate)),
    sumUsd(comparable.map((row) => row.invoice)),
  ];
  const differenceRatio = billed > 0 ? (guessed - billed) / billed : undefined;
  return { rows, differenceRatio, within: differenceRatio !== undefined && Math.abs(differenceRatio) <= aimRatio };
}

function why(
  kind: InvoicedKind,
  estimate: MicroUsd,
  invoice: MicroUsd,
  doubts: (kind: CostKind) => string | undefined,
): string {
  if (kind === 'tax' || kind === 'credit') return 'on the invoice alone';
  if (kind === 'other') return 'on the invoice alone, under no product that is known here';
  if (Math.abs(invoice - estimate) <= Math.abs(invoice) * 0.005) return 'agrees';
  if (invoice === 0) return 'not on the invoice';
  if (estimate === 0) return 'not measured';
  return doubts(kind) ?? 'not explained';
}
