import { infrastructureOf, letsIn, namesOf, wrongNames } from '../edge/declared.ts';
import { figure, of } from './ask.ts';
import type { Question } from './define.ts';

/** A load balancer that DigitalOcean gave no address. */
export const noAddress: Question = {
  cause: 'load balancer without an address',
  look: ({ services }) =>
    of(services, (all) => {
      const outside = all.filter(({ spec }) => spec.type === 'LoadBalancer');
      if (outside.length === 0) return { found: 'no Service is of type LoadBalancer' };
      const without = outside.find(({ status }) => status.loadBalancer.ingress.length === 0);
      return without === undefined
        ? {
            ruledOut: outside
              .map(({ metadata, status }) => `${metadata.name} has ${status.loadBalancer.ingress[0]?.ip ?? 'a name'}`)
              .join(', '),
          }
        : { found: `${without.metadata.name} has no address; deleting it would lose the one that DNS knows` };
    }),
};

/** A load balancer with no ready pod behind it. */
export const nothingBehind: Question = {
  cause: 'nothing behind the load balancer',
  look: ({ services, endpoints }) =>
    of(services, (all) =>
      of(endpoints, (slices) => {
        const empty = all
          .filter(({ spec }) => spec.type === 'LoadBalancer')
          .find(({ metadata: { name } }) =>
            slices
              .filter(({ metadata }) => metadata.labels['kubernetes.io/service-name'] === name)
              .flatMap(({ endpoints: some }) => some ?? [])
              .every(({ conditions }) => !conditions.ready),
          );
        return empty === undefined
          ? { ruledOut: 'ready pods stand behind it' }
          : {
              found: `no ready pod stands behind ${empty.metadata.name}`,
              fix: { say: 'restart the gateway', action: 'restartWorkload', params: { workload: 'traefik' } },
            };
      }),
    ),
};

/** What the probes from outside see. */
export const outside: Question = {
  cause: 'not reached from outside',
  look: (evidence) =>
    figure(
      evidence,
      'outsideUp',
      (value, labels) =>
        value >= 1
          ? { ruledOut: 'the probes get through' }
          : { found: `${labels['instance'] ?? 'a probe'} does not get through: DNS, firewall or the gateway` },
      true,
    ),
};

/** Names that point somewhere else than at the load balancer. */
export const names: Question = {
  cause: 'DNS',
  look: ({ services, records, environment }) =>
    of(services, (all) =>
      of(records, (seen) => {
        const infrastructure = infrastructureOf(environment);
        const [ip] = all
          .filter(({ spec }) => spec.type === 'LoadBalancer')
          .flatMap(({ status }) => status.loadBalancer.ingress.flatMap((one) => one.ip ?? []));
        if (infrastructure === undefined || ip === undefined) return { notKnown: 'there is no address to point at' };
        const wrong = wrongNames(seen, namesOf(infrastructure), ip);
        return wrong.length === 0
          ? { ruledOut: `every name points at ${ip}` }
          : {
              found: `${wrong.join('; ')}; the load balancer is ${ip}`,
              fix: { say: 'point the names at it', action: 'repairDns', params: {} },
            };
      }),
    ),
};

/** Ports of the SFUs that the firewall does not let in. */
export const firewall: Question = {
  cause: 'firewall',
  look: ({ inbound, environment }) =>
    of(inbound, (rules) => {
      const declared = infrastructureOf(environment)?.firewall;
      if (declared === undefined) return { notKnown: 'nobody declares a firewall' };
      if (rules === undefined) return { found: `there is no firewall ${declared.name}` };
      const missing = declared.inbound.filter((wanted) => !rules.some((rule) => letsIn(rule, wanted)));
      return missing.length === 0
        ? { ruledOut: `${declared.name} lets in all that is declared` }
        : {
            found: `${declared.name} does not let in ${missing.map(({ protocol, ports }) => `${protocol} ${ports}`).join(', ')}`,
            fix: { say: 'let it in again', action: 'repairFirewall', params: {} },
          };
    }),
};
