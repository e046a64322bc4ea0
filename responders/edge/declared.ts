import { environments } from '../../manifests/environments/index.ts';
import { declareInfrastructure } from '../../manifests/infrastructure/declare.ts';
import type { Infrastructure } from '../../manifests/infrastructure/define.ts';
import type { DnsRecord, FirewallRule } from '../ports.ts';

/** What an environment asks of DigitalOcean; undefined for one that nobody declares. */
export function infrastructureOf(environment = 'production'): Infrastructure | undefined {
  const found = Object.values(environments).find(({ name }) => name === environment);
  return found && declareInfrastructure(found);
}

/** The names that are to point at the load balancer. */
export function namesOf({ domain }: Infrastructure): readonly string[] {
  return domain.records.filter(({ type, data }) => type === 'A' && data === undefined).map(({ name }) => name);
}

/** Names that do not point at this address, with where they do. */
export function wrongNames(records: readonly DnsRecord[], names: readonly string[], ip: string): readonly string[] {
  return names.flatMap((name) => {
    const at = records.filter((one) => one.name === name && ['A', 'AAAA', 'CNAME'].includes(one.type));
    if (at.length === 0) return [`${name} is missing`];
    return at.every(({ type, data }) => type === 'A' && data === ip)
      ? []
      : [`${name} points at ${at.map(({ data }) => data).join(', ')}`];
  });
}

/** Whether a rule lets in what is wanted, from anywhere. */
export function letsIn(rule: FirewallRule, wanted: { readonly protocol: string; readonly ports: string }): boolean {
  if (rule.protocol !== wanted.protocol || !rule.addresses.includes('0.0.0.0/0')) return false;
  const all = rule.ports === 'all' || rule.ports === '0';
  const [from = 0, to = from] = all ? [1, 65_535] : rule.ports.split('-').map(Number);
  const [first = 0, last = first] = wanted.ports.split('-').map(Number);
  return from <= first && last <= to;
}
