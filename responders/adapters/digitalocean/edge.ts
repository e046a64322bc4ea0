import { z } from 'zod';
import type { Edge, FirewallRule } from '../../ports.ts';
import { type CallOptions, createCalls } from './calls.ts';

const Records = z.object({
  domain_records: z.array(
    z.object({
      id: z.number(),
      type: z.string(),
      name: z.string(),
      data: z
        .string()
        .nullish()
        .transform((data) => data ?? ''),
    }),
  ),
});
const Firewalls = z.object({
  firewalls: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      inbound_rules: z
        .array(
          z.object({
            protocol: z.string(),
            // ICMP has none.
            ports: z.union([z.string(), z.number()]).nullish().transform(String),
            sources: z.object({ addresses: z.array(z.string()).nullish() }).nullish(),
          }),
        )
        .nullish(),
    }),
  ),
});

/** Seconds that resolvers may keep a record: short, since one who repairs it waits for them. */
const ttlSeconds = 300;

/** Names and firewalls over DigitalOcean's HTTP API; needs the scopes domain:* and firewall:update. */
export function createEdge(options: CallOptions): Edge {
  const { read, send } = createCalls(options);
  const recordsOf = (domain: string) => `/domains/${encodeURIComponent(domain)}/records`;
  const inbound = (rules: readonly FirewallRule[]) => ({
    inbound_rules: rules.map(({ protocol, ports, addresses }) => ({ protocol, ports, sources: { addresses } })),
  });
  return {
    records: async (domain) => (await read(`${recordsOf(domain)}?per_page=200`, Records)).domain_records,
    async putRecord({ domain, id, name, data }) {
      if (id === undefined) await send('POST', recordsOf(domain), { type: 'A', name, data, ttl: ttlSeconds });
      else await send('PATCH', `${recordsOf(domain)}/${id}`, { type: 'A', data });
    },
    async removeRecord({ domain, id }) {
      await send('DELETE', `${recordsOf(domain)}/${id}`);
    },
    firewalls: async () =>
      (await read('/firewalls?per_page=200', Firewalls)).firewalls.map(({ id, name, inbound_rules }) => ({
        id,
        name,
        inbound: (inbound_rules ?? []).map(({ protocol, ports, sources }) => ({
          protocol,
          ports,
          addresses: sources?.addresses ?? [],
        })),
      })),
    async addInbound({ id, rules }) {
      await send('POST', `/firewalls/${id}/rules`, inbound(rules));
    },
    async removeInbound({ id, rules }) {
      await send('DELETE', `/firewalls/${id}/rules`, inbound(rules));
    },
  };
}
