import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { platformFiles, standbyFiles } from '../../../cli/deploy/platform.ts';
import { platformNamespace, type Workload } from '../../../manifests/catalogue/define.ts';
import { edgesOf, isOnHost, namespaceOf, isHeldByPolicy as selected } from '../../../manifests/edges.ts';
import { environments } from '../../../manifests/environments/index.ts';
import { networkPoliciesFile } from '../../../manifests/files/network-policies.ts';
import { untyped } from '../../../manifests/objects/object.ts';
import { noInputs } from '../../../manifests/render.ts';
import { addressIn, allows, type End } from '../../support/network-policies.ts';

const { production } = environments;
const policies = networkPoliciesFile({ ...noInputs, environment: production });
const { vpcRange, podRange } = production.settings;

// The labels that pods really get, of the add-ons too, whose makers choose them.
const Template = z.object({
  template: z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()) }) }),
});
const podLabels = new Map(
  platformFiles('production').flatMap(({ objects }) =>
    objects.flatMap(({ kind, metadata, spec }) => {
      const found = Template.safeParse(
        kind === 'CronJob'
          ? z.object({ jobTemplate: z.object({ spec: z.unknown() }) }).parse(spec).jobTemplate.spec
          : spec,
      );
      return found.success
        ? [[`${metadata.namespace}/${metadata.name}`, found.data.template.metadata.labels] as const]
        : [];
    }),
  ),
);

function endOf(workload: Workload): End {
  if (workload.kind === 'managed') return { address: addressIn(vpcRange) };
  return {
    namespace: namespaceOf(workload),
    labels: podLabels.get(`${namespaceOf(workload)}/${workload.name}`) ?? assert.fail(workload.name),
    address: addressIn(isOnHost(workload) ? vpcRange : podRange),
    onHost: isOnHost(workload),
  };
}

const internet: End = { address: '93.184.216.34' };
const ports = production.workloads.flatMap((to) => to.ports.map((port) => ({ to, port })));

test('what is allowed between any two workloads on any port is exactly what the catalogue says', () => {
  const edges = new Set(
    edgesOf(production).map(({ from, to, port }) => `${from.name} > ${to.name}:${port.port}/${port.protocol}`),
  );
  let pairs = 0;
  const wrong: string[] = [];
  for (const from of production.workloads) {
    if (from.kind === 'managed') continue;
    for (const { to, port } of ports) {
      // No policy selects either end: a pod on its node's network, or one of an add-on in its own namespace.
      if (!selected(from) && !selected(to)) continue;
      pairs += 1;
      const allowed = allows(policies, endOf(from), endOf(to), port);
      const declared =
        edges.has(`${from.name} > ${to.name}:${port.port}/${port.protocol}`) ||
        (!selected(from) && to.askedByApiServer?.includes(port.name)) ||
        sharesAddress(from, to, port.port, port.protocol) ||
        bySameNode(from, to, port.port, port.protocol, edges);
      if (allowed !== declared)
        wrong.push(`${from.name} > ${to.name}:${port.port}/${port.protocol} is ${allowed ? 'allowed' : 'denied'}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(pairs > 1_000, `${pairs} pairs`);
});

/** What has a node's or a database's address is known by its network and port alone, so whoever may ask one on a port may ask another there. */
function sharesAddress(from: Workload, to: Workload, port: number, protocol: string): boolean {
  if (to.kind !== 'managed' && !isOnHost(to)) return false;
  return (
    edgesOf(production).some(
      (edge) =>
        edge.from.name === from.name &&
        (edge.to.kind === 'managed' || isOnHost(edge.to)) &&
        edge.port.port === port &&
        edge.port.protocol === protocol,
    ) ||
    (isOnHost(to) && from.reaches?.includes('kubernetes-api') === true && [443, 6_443, 16_443].includes(port))
  );
}

/** The same for who asks: one pod on a node's network looks like another. */
function bySameNode(from: Workload, to: Workload, port: number, protocol: string, edges: ReadonlySet<string>): boolean {
  if (isOnHost(from))
    return (
      production.workloads.some(
        (other) => isOnHost(other) && edges.has(`${other.name} > ${to.name}:${port}/${protocol}`),
      ) || to.ports.some((one) => one.port === port && to.public?.includes(one.name))
    );
  return false;
}

test('from the internet nothing but the gateway is reached', () => {
  const open = ports
    .filter(({ to, port }) => selected(to) && allows(policies, internet, endOf(to), port))
    .map(({ to, port }) => `${to.name}:${port.port}`);
  assert.deepEqual(open, [
    'traefik:8000',
    'traefik:8443',
    'traefik:8090',
    // What the API server asks is open to who shows its certificate.
    'cert-manager-webhook:10250',
    'keda-metrics-apiserver:6443',
    'keda-admission:9443',
  ]);
});

test('to the internet goes only who says so, on the ports of that, and never by it to a private address', () => {
  const https = { port: 443, protocol: 'TCP' };
  const allowed = production.workloads
    .filter((one) => selected(one) && allows(policies, endOf(one), internet, https))
    .map(({ name }) => name);
  const declared = production.workloads
    .filter(
      (one) =>
        selected(one) && one.reaches?.some((outside) => outside === 'internet-https' || outside === 'kubernetes-api'),
    )
    .map(({ name }) => name);
  assert.deepEqual(allowed, declared);
  const chat = production.workloads.find(({ name }) => name === 'chat-service');
  assert.ok(chat);
  assert.ok(allows(policies, endOf(chat), internet, https));
  assert.ok(!allows(policies, endOf(chat), { address: '10.100.0.9' }, https));
  assert.ok(!allows(policies, endOf(chat), internet, { port: 22, protocol: 'TCP' }));
});

test('a stranger in the namespace reaches nothing, and is reached by nothing, but names', () => {
  const stranger: End = { namespace: platformNamespace, labels: { app: 'debug-pod' }, address: addressIn(podRange) };
  for (const { to, port } of ports)
    if (selected(to) && !to.public?.includes(port.name))
      assert.ok(!allows(policies, stranger, endOf(to), port), to.name);
  const dns: End = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' }, address: addressIn(podRange) };
  assert.ok(allows(policies, stranger, dns, { port: 53, protocol: 'UDP' }));
  assert.ok(!allows(policies, stranger, internet, { port: 443, protocol: 'TCP' }));
});

test("the survey's defects are gone: no rule lets the whole namespace in, and the databases are reached on their real ports", () => {
  const text = JSON.stringify(policies);
  assert.doesNotMatch(
    text,
    /"podSelector":\{\},"ports"|"from":\[\{"podSelector":\{\}\}\]|"from":\[\{"namespaceSelector":\{\}/,
  );
  const pgbouncer = production.workloads.find(({ name }) => name === 'pgbouncer-do');
  assert.ok(pgbouncer);
  const database: End = { address: addressIn(vpcRange) };
  assert.ok(allows(policies, endOf(pgbouncer), database, { port: 25_060, protocol: 'TCP' }));
  for (const port of [5_432, 6_543, 25_061])
    assert.ok(!allows(policies, endOf(pgbouncer), database, { port, protocol: 'TCP' }), `${port}`);
});

test('the lockdown that is kept ready, applied over the policies, cuts the product off and leaves monitoring, names and this bundle', () => {
  const lockdown = standbyFiles().flatMap(({ objects }) => objects);
  const replaced = new Set(lockdown.map(({ metadata }) => metadata.name));
  const inForce = [...policies.filter(({ metadata }) => !replaced.has(metadata.name)), ...lockdown];
  const flows = (from: string, to: string) => {
    const edge = edgesOf(production).find((one) => one.from.name === from && one.to.name === to);
    assert.ok(edge, `${from} > ${to}`);
    return allows(inForce, endOf(edge.from), endOf(edge.to), edge.port);
  };
  const names: End = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' }, address: addressIn(podRange) };
  const auth = production.workloads.find(({ name }) => name === 'auth-service');
  assert.ok(auth);
  assert.deepEqual(
    [flows('traefik', 'auth-service'), flows('auth-service', 'pgbouncer-do'), flows('meeting-service', 'livekit-sfu')],
    [false, false, false],
  );
  assert.deepEqual(
    [flows('prometheus', 'auth-service'), flows('prometheus', 'alertmanager'), flows('alertmanager', 'responder')],
    [true, true, true],
  );
  assert.ok(allows(inForce, endOf(auth), names, { port: 53, protocol: 'UDP' }));
  for (const { to, port } of ports)
    if (to.public?.includes(port.name) && selected(to)) assert.ok(!allows(inForce, internet, endOf(to), port), to.name);
});

test("the runbook's lockdown alone, beside policies that allow, would have cut nobody off", () => {
  const runbooks = { ...policies[0], metadata: { name: 'x', namespace: platformNamespace } };
  const edge = edgesOf(production).find(({ from, to }) => from.name === 'traefik' && to.name === 'auth-service');
  assert.ok(edge && policies[0] && policies[0].metadata.name === 'default-deny');
  assert.ok(allows([...policies, untyped(runbooks)], endOf(edge.from), endOf(edge.to), edge.port));
});

/** Every port of the policies in the runbook and in the original set: who is reached on it, as an edge of ours, or why nobody is. */
const documentedPorts: readonly (readonly [string, number, readonly [string, string, number] | string])[] = [
  ['runbook, network security', 8_080, ['traefik', 'auth-service', 8_080]],
  ['runbook, network security', 8_443, ['internet', 'traefik', 8_443]],
  ['runbook, network security, out', 53, ['auth-service', 'names', 53]],
  ['runbook, network security, out', 443, ['chat-service', 'internet', 443]],
  ['runbook, network optimisation', 8_080, ['traefik', 'meeting-service', 8_080]],
  ['kube-system', 53, ['auth-service', 'names', 53]],
  ['kube-system', 6_443, ['responder', 'control plane', 6_443]],
  ['do-services', 5_432, "a managed PostgreSQL listens on 25060: nothing of ours is on its server's default"],
  ['do-services', 6_379, "a managed Valkey listens on 25061: nothing of ours is on its server's default"],
  ['do-services', 25_061, ['redis-exporter', 'valkey', 25_061]],
  ['services', 8_081, ['traefik', 'signaling-service', 8_081]],
  ['services', 9_090, ['prometheus', 'auth-service', 9_090]],
  ['services, out', 6_432, ['auth-service', 'pgbouncer-do', 6_432]],
  ['meeting-service, out', 7_880, ['meeting-service', 'livekit-sfu', 7_880]],
  [
    'turn-service, out',
    3_478,
    "the relay is LiveKit's own, on TURN over TLS behind 443 and on media ports; nothing listens on 3478",
  ],
  ['livekit-sfu', 7_880, ['traefik', 'livekit-sfu', 7_880]],
  ['livekit-sfu', 7_881, ['internet', 'livekit-sfu', 7_881]],
  ['livekit-sfu', 7_882, 'LiveKit multiplexes UDP on 7882 only without a range of ports; ours has the range'],
  ['livekit-sfu', 7_883, 'nothing of LiveKit listens there: TLS ends at the gateway'],
  ['livekit-sfu', 6_789, ['prometheus', 'livekit-sfu', 6_789]],
  ['traefik', 80, "the load balancer's port; behind it the pod has 8000, since user 1000 may not listen below 1024"],
  ['traefik', 8_080, "the survey's entry point for WebSockets: they come by 443 as everything does"],
  ['traefik, out', 3_000, ['traefik', 'grafana', 3_000]],
  ['frontend', 3_000, 'the frontend listens on 5173; 3000 was never opened by it'],
  ['frontend', 5_173, ['traefik', 'frontend', 5_173]],
];

test('every port of the documented policies is an edge, or is refused with a reason and denied', () => {
  const ends: Readonly<Record<string, End>> = {
    internet,
    names: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' }, address: addressIn(podRange) },
    'control plane': internet,
  };
  const end = (name: string) =>
    ends[name] ?? endOf(production.workloads.find((one) => one.name === name) ?? assert.fail(name));
  for (const [policy, port, is] of documentedPorts) {
    if (typeof is === 'string') {
      assert.ok(is.length > 30, `${policy} ${port}`);
      const open = production.workloads
        .filter(({ ports: own }) => own.some((one) => one.port === port))
        .map(({ name }) => name);
      if (policy !== 'traefik' && policy !== 'frontend') assert.deepEqual(open, [], `${policy} ${port}`);
      continue;
    }
    const [from, to, at] = is;
    assert.ok(allows(policies, end(from), end(to), { port: at, protocol: 'TCP' }), `${policy}: ${from} > ${to}:${at}`);
  }
});
