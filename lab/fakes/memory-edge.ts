import { PortError } from '../../kernel/errors.ts';
import type { DnsRecord, Edge, FirewallRule } from '../../responders/ports.ts';

/** Names and firewalls in memory. */
export interface MemoryEdge extends Edge {
  /** What was asked for, in order: `put www 203.0.113.1`. */
  readonly writes: readonly string[];
}

/** Starts with the records of one domain and one firewall. */
export function memoryEdge(
  start: { domain?: string; records?: readonly DnsRecord[]; firewall?: string; inbound?: readonly FirewallRule[] } = {},
): MemoryEdge {
  const writes: string[] = [];
  let records = [...(start.records ?? [])];
  let inbound = [...(start.inbound ?? [])];
  const known = (domain: string) => {
    if (domain !== start.domain) throw new PortError('digitalocean', 'not-found', `domain ${domain} is not there`);
  };
  const same = (one: FirewallRule) => (other: FirewallRule) =>
    one.protocol === other.protocol && one.ports === other.ports;
  return {
    writes,
    async records(domain) {
      known(domain);
      return records;
    },
    async putRecord({ domain, id, name, data }) {
      known(domain);
      writes.push(`put ${name} ${data}`);
      records =
        id === undefined
          ? [...records, { id: records.length + 100, type: 'A', name, data }]
          : records.map((one) => (one.id === id ? { ...one, data } : one));
    },
    async removeRecord({ domain, id }) {
      known(domain);
      writes.push(`remove ${id}`);
      records = records.filter((one) => one.id !== id);
    },
    firewalls: async () => (start.firewall === undefined ? [] : [{ id: 'f', name: start.firewall, inbound }]),
    async addInbound({ rules }) {
      writes.push(`open ${rules.map(({ protocol, ports }) => `${protocol} ${ports}`).join(', ')}`);
      inbound = [...inbound, ...rules];
    },
    async removeInbound({ rules }) {
      writes.push(`close ${rules.map(({ protocol, ports }) => `${protocol} ${ports}`).join(', ')}`);
      inbound = inbound.filter((one) => !rules.some(same(one)));
    },
  };
}
