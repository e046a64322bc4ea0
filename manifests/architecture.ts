import type { Workload } from './catalogue/define.ts';
import { edgesOf, isOnHost } from './edges.ts';
import type { Environment } from './environments/define.ts';
import { declareInfrastructure } from './infrastructure/declare.ts';
import { hosts } from './settings.ts';

const owners = { api: 'Services', media: 'Media', data: 'Data', platform: 'Platform' } as const;

/** The architecture as Markdown with a drawing: made from the catalogue, so that it is never another than what is deployed. */
export function architecturePage(environment: Environment): string {
  return `${[
    '# Architecture',
    'Written by `gomeet build` from the catalogue; change what it is made from, not this.',
    `Environment \`${environment.name}\`: ${environment.says}.`,
    '## Who talks to whom',
    drawing(environment),
    'Left out of the drawing: Prometheus, which reads the metrics of everything. Each arrow is an edge of the catalogue; the network policies let these through and nothing else.',
    '## What runs',
    workloadTable(environment),
    '## What scales, by what, and why not',
    scalingTable(environment),
    '## Where it runs',
    infrastructure(environment),
    '## How people reach it',
    hostList(environment),
    '## What differs from the documents, and why',
    'The catalogue has the figures of the deployment README, and one pool is documented: 6 x c-32, 3 to 20. What the two documents disagree about is chosen in [ADR 12](adr/0012-what-the-two-documents-disagree-about.md); `gomeet fit --all` lists the other environments.',
    deviationTable(environment),
  ].join('\n\n')}\n`;
}

/** Mermaid, which the common forges draw. */
function drawing(environment: Environment): string {
  const edges = edgesOf(environment).filter(({ from }) => from.name !== 'prometheus');
  const drawn = new Set(edges.flatMap(({ from, to }) => [from.name, to.name]));
  const groups = Object.entries(owners).flatMap(([owner, title]) => {
    const members = environment.workloads.filter((one) => one.owner === owner && drawn.has(one.name));
    return members.length === 0
      ? []
      : [
          `  subgraph ${title}`,
          ...members.map(({ name, kind }) => `    ${id(name)}${kind === 'managed' ? `[(${name})]` : `[${name}]`}`),
          '  end',
        ];
  });
  const outside = environment.workloads
    .filter((one) => (one.public ?? []).length > 0)
    .map((one) => `  people((people)) -->|${portsOf(one, one.public ?? []).join(', ')}| ${id(one.name)}`);
  const byPair = Map.groupBy(edges, ({ from, to }) => `${from.name} ${to.name}`);
  const arrows = [...byPair.values()].map((pair) => {
    const [{ from, to } = { from: undefined, to: undefined }] = pair;
    return `  ${id(from?.name ?? '')} -->|${pair.map(({ port }) => port.name).join(', ')}| ${id(to?.name ?? '')}`;
  });
  return ['```mermaid', 'flowchart LR', ...groups, ...outside, ...arrows, '```'].join('\n');
}

function workloadTable({ workloads }: Environment): string {
  const rows = workloads.map((one) => {
    const { name, kind, replicas, maxReplicas, requests, pool } = one;
    const count =
      kind === 'DaemonSet' ? 'one a node' : replicas === maxReplicas ? `${replicas}` : `${replicas} to ${maxReplicas}`;
    const where = kind === 'managed' ? 'managed by DigitalOcean' : (pool ?? 'every node');
    return `| ${name} | ${kind} | ${count} | ${requests.cpuCores} cores, ${requests.memoryGib} GiB | ${where}${isOnHost(one) ? ", the node's own network" : ''} | ${portsOf(one).join(', ')} |`;
  });
  return [
    '| Workload | Kind | Replicas | Each asks for | Where | Ports |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** A line for each, also for what stands still. */
function scalingTable({ workloads, pools }: Environment): string {
  const rows = workloads.flatMap(({ name, scaling, replicas, maxReplicas, kind }) => {
    if (kind === 'managed') return [[name, 'as large as it was made', 'a person, with a price: `gomeet database`', '']];
    if (scaling === undefined) return [];
    if (scaling.kind === 'fixed') return [[name, `${replicas}`, `stands still: ${scaling.why}`, '']];
    if (maxReplicas === replicas) return [[name, `${replicas}`, 'stands still in this environment', '']];
    const { cpuPercent, memoryPercent, metrics = [], podsPer15s, scaleIn, without } = scaling;
    const by = [
      ...(cpuPercent === undefined ? [] : [`CPU ${cpuPercent} %`]),
      ...(memoryPercent === undefined ? [] : [`memory ${memoryPercent} %`]),
      ...metrics.map((metric) => `${metric.perReplica} ${metric.name} a pod`),
    ].join(', ');
    const up = `up at once, doubling or ${podsPer15s} pods in 15 s`;
    const down = scaleIn === 'responder' ? 'down by the responder alone' : 'down a tenth a minute after five calm ones';
    const left = without === undefined ? '' : `not by ${without}`;
    return [[name, `${replicas} to ${maxReplicas}`, `${by}; ${up}, ${down}`, left]];
  });
  return [
    '| Workload | Pods | By what | Left out |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    `Nodes follow pods: DigitalOcean's own autoscaler, per pool (${pools.map(({ name, minNodes, maxNodes }) => `${name} ${minNodes} to ${maxNodes}`).join(', ')}). The runbook's self-made one has flags for another cloud.`,
  ].join('\n');
}

function infrastructure(environment: Environment): string {
  const { region, vpc, cluster, databases, loadBalancer, buckets, firewall } = declareInfrastructure(environment);
  return [
    `Region ${region}; VPC \`${vpc.ipRange}\`, pods \`${cluster.podRange}\`, Services \`${cluster.serviceRange}\`.`,
    '',
    '| Pool | Nodes | Size | Kept for its own |',
    '| --- | --- | --- | --- |',
    ...cluster.pools.map(
      ({ name, minNodes, maxNodes, size, taints }) =>
        `| ${name} | ${minNodes} to ${maxNodes} | ${size} | ${taints.length > 0 ? 'yes' : 'no'} |`,
    ),
    '',
    ...databases.map(
      ({ name, engine, size, nodes }) =>
        `- ${name}: ${engine === 'pg' ? 'PostgreSQL' : 'Valkey'}, ${nodes} x \`${size}\``,
    ),
    `- ${loadBalancer.name}: the load balancer, made by the cluster from Traefik's Service`,
    ...buckets.map((bucket) => `- ${bucket.name}: Spaces, ${bucket.for}`),
    `- ${firewall.name}: opens ${firewall.inbound.map(({ protocol, ports }) => `${protocol} ${ports}`).join(' and ')} to the nodes, for media`,
  ].join('\n');
}

function hostList({ settings }: Environment): string {
  return Object.entries(hosts(settings))
    .map(([what, host]) => `- ${what}: \`${host}\``)
    .join('\n');
}

function deviationTable({ deviations }: Environment): string {
  return [
    '| About | Field | There | Here | Why |',
    '| --- | --- | --- | --- | --- |',
    ...deviations.map(({ about, field, from, to, why }) => `| ${about} | ${field} | ${from} | ${to} | ${why} |`),
  ].join('\n');
}

function portsOf({ ports }: Workload, names?: readonly string[]): readonly string[] {
  return ports
    .filter(({ name }) => names?.includes(name) ?? true)
    .map(
      ({ port, endPort, protocol }) => `${port}${endPort === undefined ? '' : `-${endPort}`}/${protocol.toLowerCase()}`,
    );
}

function id(name: string): string {
  return name.replaceAll('-', '_');
}
