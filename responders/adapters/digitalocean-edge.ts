import { z } from 'zod';
import { callJson, callText, type JsonCall } from '../../kernel/http.ts';
import { createReadRetry, type ReadRetry } from '../../kernel/retry.ts';
import type { Edge, FirewallRule } from '../ports.ts';

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
export function createEdge(options: { token: string; url: string; retry?: ReadRetry }): Edge {
  const retried = createReadRetry(options.retry);
  const call = (path: string, more: Partial<JsonCall> = {}): JsonCall => ({
    peer: 'digitalocean',
    url: `${options.url.replace(/\/+$/, '')}/v2${path}`,
    headers: { authorization: `Bearer ${options.token}` },
    timeoutMs: 20_000,
    secrets: [options.token],
    ...more,
  });
  const recordsOf = (domain: string) => `/domains/${encodeURIComponent(domain)}/records`;
  const inbound = (rules: readonly FirewallRule[]) => ({
    inbound_rules: rules.map(({ protocol, ports, addresses }) => ({ protocol, ports, sources: { addresses } })),
  });
  return {
    records: async (domain) =>
      (await retried(() => callJson(call(`${recordsOf(domain)}?per_page=200`), Records))).domain_records,
    async putRecord({ domain, id, name, data }) {
      const body = { type: 'A', name, data, ttl: ttlSeconds };
      if (id === undefined) await callText(call(recordsOf(domain), { method: 'POST', body }));
      else await callText(call(`${recordsOf(domain)}/${id}`, { method: 'PATCH', body: { type: 'A', data } }));
    },
    async removeRecord({ domain, id }) {
      await callText(call(`${recordsOf(domain)}/${id}`, { method: 'DELETE' }));
    },
    firewalls: async () =>
      (await retried(() => callJson(call('/firewalls?per_page=200'), Firewalls))).firewalls.map(
        ({ id, name, inbound_rules }) => ({
          id,
          name,
          inbound: (inbound_rules ?? []).map(({ protocol, ports, sources }) => ({
            protocol,
            ports,
            addresses: sources?.addresses ?? [],
          })),
        }),
      ),
    async addInbound({ id, rules }) {
      await callText(call(`/firewalls/${id}/rules`, { method: 'POST', body: inbound(rules) }));
    },
    async removeInbound({ id, rules }) {
      await callText(call(`/firewalls/${id}/rules`, { method: 'DELETE', body: inbound(rules) }));
    },
  };
}
