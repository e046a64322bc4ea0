import { z } from 'zod';
import type { FakeInfra } from './digitalocean-infra.ts';
import { Refused } from './digitalocean-pools.ts';

const Rule = z.object({
  protocol: z.enum(['tcp', 'udp', 'icmp']),
  ports: z.string().min(1),
  sources: z.object({ addresses: z.array(z.string()).min(1) }),
});
type Rule = z.infer<typeof Rule>;
const Rules = z.object({ inbound_rules: z.array(Rule).min(1) });
const Record_ = z.object({ type: z.string(), data: z.string().min(1).optional() });

/** Answers what changes a record or one rule of a firewall; undefined for every other route. Throws Refused where the API would say 422. */
export function edgeRoute(
  method: string,
  path: string,
  body: unknown,
  infra: FakeInfra,
): { status: number; body: object | undefined } | undefined {
  const record = /^\/v2\/domains\/([^/]+)\/records\/(\d+)$/.exec(path);
  const rules = /^\/v2\/firewalls\/([^/]+)\/rules$/.exec(path);
  if (record !== null) {
    const all = infra.records[record[1] ?? ''] ?? [];
    const at = all.findIndex(({ id }) => id === Number(record[2]));
    const found = all[at];
    if (found === undefined) return undefined;
    if (method === 'DELETE') {
      all.splice(at, 1);
      return { status: 204, body: undefined };
    }
    if (method !== 'PATCH') return undefined;
    const { data } = parsed(Record_, body);
    if (data !== undefined) found.data = data;
    return { status: 200, body: { domain_record: found } };
  }
  const firewall = infra.firewalls.find(({ id }) => id === rules?.[1]);
  if (firewall === undefined) return undefined;
  const { inbound_rules: given } = parsed(Rules, body);
  const same = (one: object, other: Rule) => {
    const rule = Rule.safeParse(one);
    return rule.success && rule.data.protocol === other.protocol && rule.data.ports === other.ports;
  };
  const rest = firewall.inbound_rules.filter((one) => !given.some((rule) => same(one, rule)));
  if (method === 'DELETE') firewall.inbound_rules = rest;
  else if (method === 'POST') firewall.inbound_rules = [...rest, ...given];
  else return undefined;
  return { status: 204, body: undefined };
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new Refused(result.error.issues[0]?.message ?? 'invalid body');
}
