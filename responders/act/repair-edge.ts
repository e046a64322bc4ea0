import { z } from 'zod';
import { usd } from '../../kernel/money.ts';
import { infrastructureOf, letsIn, namesOf } from '../edge/declared.ts';
import { ServiceObject } from '../health/shapes.ts';
import type { DnsRecord } from '../ports.ts';
import { touchesNothing } from './define.ts';
import { defineProcedure, type StepAnswer, type StepContext, type StepKind } from './procedure.ts';

const withinMs = 300_000;
const anywhere = ['0.0.0.0/0', '::/0'];

const Names = z.object({ domain: z.string(), names: z.array(z.string()) });
type Names = z.infer<typeof Names>;
const SeenRecords = z.array(z.object({ id: z.number(), type: z.string(), name: z.string(), data: z.string() }));

async function addressOf({ ports }: StepContext): Promise<string | undefined> {
  const services = await ports.objects.list({ apiVersion: 'v1', kind: 'Service' });
  const [ip] = services
    .map((object) => ServiceObject.parse(object))
    .filter(({ spec }) => spec.type === 'LoadBalancer')
    .flatMap(({ status }) => status.loadBalancer.ingress.flatMap((one) => one.ip ?? []));
  return ip;
}

/** The A records of a name, or a sentence about what stands in their place. */
function standing(records: readonly DnsRecord[], name: string): readonly DnsRecord[] | string {
  const other = records.find((one) => one.name === name && (one.type === 'CNAME' || one.type === 'AAAA'));
  if (other !== undefined)
    return `${name} is a ${other.type} record to ${other.data}: a person has to say which is right`;
  return records.filter((one) => one.name === name && one.type === 'A');
}

const point: StepKind<Names> = {
  input: Names,
  async run({ domain, names }, context): Promise<StepAnswer> {
    const { edge } = context.ports;
    const ip = await addressOf(context);
    if (ip === undefined) return { failed: 'no load balancer has an address: there is nothing to point at' };
    const now = await edge.records(domain);
    if (context.memo === undefined) return { wait: `noted ${now.length} records`, memo: now };
    const before = SeenRecords.parse(context.memo);
    for (const name of names) {
      const found = standing(now, name);
      if (typeof found === 'string') return { failed: found };
      const [first, ...more] = found;
      if (first?.data !== ip) await edge.putRecord({ domain, id: first?.id, name, data: ip });
      // A second address beside ours takes a share of the traffic somewhere else.
      for (const { id, data } of more) if (data !== ip) await edge.removeRecord({ domain, id });
    }
    const rows = names.map((name) => [
      name,
      before.flatMap((one) => (one.name === name && one.type === 'A' ? one.data : [])).join(', ') || 'missing',
      ip,
    ]);
    const changed = rows.filter(([, was, is]) => was !== is).length;
    return {
      done: changed === 0 ? `every name points at ${ip}` : `${changed} names point at ${ip} again`,
      result: { table: { columns: ['name', 'pointed at', 'points at'], rows } },
    };
  },
  async undo({ domain, names }, { ports: { edge }, memo }) {
    const before = SeenRecords.safeParse(memo);
    if (!before.success) return { done: 'nothing had been changed' };
    const now = await edge.records(domain);
    for (const name of names) {
      const were = before.data.filter((one) => one.name === name && one.type === 'A');
      for (const one of now.filter((record) => record.name === name && record.type === 'A')) {
        const was = were.find(({ id }) => id === one.id);
        if (was === undefined) await edge.removeRecord({ domain, id: one.id });
        else if (was.data !== one.data) await edge.putRecord({ domain, id: one.id, name, data: was.data });
      }
      for (const was of were)
        if (!now.some(({ id }) => id === was.id)) await edge.putRecord({ domain, name, data: was.data });
    }
    return { done: 'the names point where they did' };
  },
};

/** Points every declared name at the address of the load balancer. All of the product goes through these names: two people. */
export const repairDns = defineProcedure({
  name: 'repairDns',
  title: 'Repair DNS',
  params: z.object({}).strict(),
  needs: [],
  reach: 'platform',
  destructive: true,
  reversal: 'restore',
  waitsFor: [],
  rbac: [{ apiGroups: [''], resources: ['services'], verbs: ['list'] }],
  kinds: { point },
  preflight(_params, _world, { declared }) {
    const infrastructure = infrastructureOf(declared.environment);
    if (infrastructure === undefined) return { blocked: 'no-target', saw: 'nobody declares a domain' };
    const { domain } = infrastructure;
    const names = namesOf(infrastructure);
    return {
      target: `domain/${domain.name}`,
      steps: [
        {
          kind: 'point',
          title: `point ${names.length} names of ${domain.name} at the load balancer`,
          input: { domain: domain.name, names: [...names] },
          withinMs,
        },
      ],
      says: `point ${names.join(', ')} of ${domain.name} at the load balancer`,
      touches: touchesNothing,
      costPerHour: usd(0),
    };
  },
});

const Open = z.object({
  firewall: z.string(),
  rules: z.array(z.object({ protocol: z.string(), ports: z.string(), why: z.string() })),
});

const open: StepKind<z.infer<typeof Open>> = {
  input: Open,
  async run({ firewall: name, rules }, { ports: { edge }, memo }) {
    const found = (await edge.firewalls()).find((one) => one.name === name);
    if (found === undefined) return { failed: `there is no firewall ${name}: gomeet infra apply makes it` };
    const missing = rules.filter((wanted) => !found.inbound.some((rule) => letsIn(rule, wanted)));
    const noted = memo === undefined ? missing : Open.shape.rules.parse(memo);
    if (memo === undefined && missing.length > 0) return { wait: 'noted what is missing', memo: missing };
    if (missing.length > 0)
      await edge.addInbound({
        id: found.id,
        rules: missing.map(({ protocol, ports }) => ({ protocol, ports, addresses: anywhere })),
      });
    const rows = rules.map((rule) => [
      `${rule.protocol} ${rule.ports}`,
      rule.why,
      noted.some(({ ports, protocol }) => ports === rule.ports && protocol === rule.protocol)
        ? 'let in again'
        : 'was let in',
    ]);
    return {
      done: noted.length === 0 ? `${name} lets in all that is declared` : `${name} lets in ${noted.length} more`,
      result: { table: { columns: ['ports', 'for', ''], rows } },
    };
  },
  async undo({ firewall: name }, { ports: { edge }, memo }) {
    const noted = Open.shape.rules.safeParse(memo);
    const found = (await edge.firewalls()).find((one) => one.name === name);
    if (!noted.success || found === undefined) return { done: 'nothing had been opened' };
    const rules = noted.data.map(({ protocol, ports }) => ({ protocol, ports, addresses: anywhere }));
    await edge.removeInbound({ id: found.id, rules });
    return { done: `${rules.length} rules are taken away again` };
  },
};

/** Adds the inbound rules that the declaration has and the firewall of the SFUs lacks. It opens what was reviewed in code, closes nothing, and never touches the cluster's own firewall, which DOKS reverts. */
export const repairFirewall = defineProcedure({
  name: 'repairFirewall',
  title: 'Repair the firewall',
  params: z.object({}).strict(),
  needs: [],
  reach: 'platform',
  destructive: true,
  reversal: 'restore',
  waitsFor: [],
  rbac: [],
  kinds: { open },
  preflight(_params, _world, { declared }) {
    const firewall = infrastructureOf(declared.environment)?.firewall;
    if (firewall === undefined || firewall.inbound.length === 0)
      return { blocked: 'no-target', saw: 'nobody declares a firewall' };
    const rules = firewall.inbound.map(({ protocol, ports, why }) => ({ protocol, ports, why }));
    return {
      target: `firewall/${firewall.name}`,
      steps: [
        {
          kind: 'open',
          title: `let in what is declared through ${firewall.name}`,
          input: { firewall: firewall.name, rules },
          withinMs,
        },
      ],
      says: `let in ${rules.map(({ protocol, ports }) => `${protocol} ${ports}`).join(', ')} through ${firewall.name} where it is missing`,
      touches: touchesNothing,
      costPerHour: usd(0),
    };
  },
});
