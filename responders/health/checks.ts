import type { Workload } from '../../manifests/catalogue/define.ts';
import type { Readings } from './collect.ts';
import { type Check, type Section, type Status, unread } from './define.ts';
import { measured, measures } from './measured.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Days left of a certificate (health-check.sh). */
const certificateDays = { degraded: 30, failing: 7 } as const;

/** One look at the readings. */
type Look = (readings: Readings, expected: readonly Workload[]) => readonly Check[];

const check =
  (section: Section) =>
  (subject: string, status: Status, saw: string): Check => ({ section, subject, status, saw });

/** Every workload that the catalogue declares is there, complete, of one revision, and its pods stay up. */
const services: Look = (readings, expected) => {
  const make = check('services');
  const parts = {
    Deployment: readings.deployments,
    StatefulSet: readings.statefulSets,
    DaemonSet: readings.daemonSets,
  };
  const { pods } = readings;
  return expected.flatMap(({ name, kind }) => {
    if (kind === 'managed' || kind === 'CronJob') return [];
    const part = parts[kind];
    if ('missing' in part) return [unread('services', name, part.missing)];
    const found = part.value.find((one) => one.name === name);
    if (found === undefined) return [make(name, 'failing', `there is no ${kind}`)];
    const { wanted, ready, updated, observed } = found;
    if (!observed) return [make(name, 'unknown', 'its controller has not seen the newest spec')];
    if (wanted === 0) return [make(name, 'failing', 'scaled to nothing')];
    if (ready === 0) return [make(name, 'failing', `0 of ${wanted} ready`)];
    if (ready < wanted) return [make(name, 'degraded', `${ready} of ${wanted} ready`)];
    if (updated < wanted) return [make(name, 'degraded', `a rollout is under way: ${updated} of ${wanted} new`)];
    if ('missing' in pods) return [unread('services', name, pods.missing)];
    const restarted = recentlyEnded(pods.value, name, readings.atMs);
    return restarted.length > 0
      ? [make(name, 'degraded', `${ready} of ${wanted} ready; ended within the hour: ${restarted.join(', ')}`)]
      : [make(name, 'healthy', `${ready} of ${wanted} ready`)];
  });
};

/** Containers that ended badly within the hour: the lifetime's count says nothing of today. */
function recentlyEnded(
  pods: Extract<Readings['pods'], { value: unknown }>['value'],
  workload: string,
  nowMs: number,
): readonly string[] {
  return pods
    .filter(({ metadata }) => metadata.name.startsWith(`${workload}-`))
    .flatMap(({ metadata, status }) =>
      status.containerStatuses.flatMap(({ lastState: { terminated } }) =>
        terminated?.finishedAt !== undefined && nowMs - Date.parse(terminated.finishedAt) < hourMs
          ? [`${metadata.name} (${terminated.reason || `exit ${terminated.exitCode}`})`]
          : [],
      ),
    );
}

/** Load balancer services have an address, and something ready stands behind each service. */
const loadBalancer: Look = ({ services: part, endpoints }) => {
  const make = check('load-balancer');
  if ('missing' in part) return [unread('load-balancer', 'services', part.missing)];
  const outside = part.value.filter(({ spec }) => spec.type === 'LoadBalancer');
  if (outside.length === 0) return [make('services', 'failing', 'there is no Service of type LoadBalancer')];
  return outside.map(({ metadata: { name }, status }) => {
    const [address] = status.loadBalancer.ingress;
    if (address === undefined) return make(name, 'failing', 'no address yet');
    if ('missing' in endpoints) return unread('load-balancer', name, endpoints.missing);
    const ready = readyBehind(endpoints.value, name);
    return ready === 0
      ? make(name, 'failing', 'nothing ready stands behind it')
      : make(name, 'healthy', `${address.ip ?? address.hostname}, ${ready} ready behind it`);
  });
};

function readyBehind(slices: Extract<Readings['endpoints'], { value: unknown }>['value'], service: string): number {
  return slices
    .filter(({ metadata }) => metadata.labels['kubernetes.io/service-name'] === service)
    .reduce((sum, { endpoints }) => sum + (endpoints ?? []).filter(({ conditions }) => conditions.ready).length, 0);
}

/** Certificates are issued and not about to end. */
const certificates: Look = ({ certificates: part, atMs }) => {
  const make = check('certificates');
  if ('missing' in part) return [unread('certificates', 'certificates', part.missing)];
  if (part.value.length === 0) return [make('certificates', 'unknown', 'there is no Certificate object to look at')];
  return part.value.map(({ metadata: { name }, status }) => {
    const ready = status.conditions.find(({ type }) => type === 'Ready');
    if (status.notAfter === undefined) return make(name, 'failing', `not issued: ${ready?.message ?? 'no condition'}`);
    const days = (Date.parse(status.notAfter) - atMs) / dayMs;
    const saw = `${Math.floor(days)} days left${ready?.status === 'True' ? '' : `; ${ready?.message ?? 'not ready'}`}`;
    if (days < certificateDays.failing) return make(name, 'failing', saw);
    return make(name, days < certificateDays.degraded || ready?.status !== 'True' ? 'degraded' : 'healthy', saw);
  });
};

/** Nodes are ready and without pressure. */
const nodes: Look = ({ nodes: part }) => {
  const make = check('resources');
  if ('missing' in part) return [unread('resources', 'nodes', part.missing)];
  if (part.value.length === 0) return [make('nodes', 'unknown', 'no node is to be seen')];
  return part.value.map(({ metadata: { name }, spec, status }) => {
    const ready = status.conditions.find(({ type }) => type === 'Ready');
    const pressure = status.conditions.filter(({ type, status: on }) => type.endsWith('Pressure') && on === 'True');
    if (ready === undefined || ready.status === 'Unknown') return make(name, 'unknown', 'its kubelet does not report');
    if (ready.status !== 'True') return make(name, 'failing', `not ready: ${ready.reason} ${ready.message}`.trim());
    if (pressure.length > 0) return make(name, 'degraded', pressure.map(({ type }) => type).join(', '));
    return spec.unschedulable ? make(name, 'degraded', 'cordoned') : make(name, 'healthy', 'ready');
  });
};

/** No pod is privileged or may be root without a declared reason. */
const security: Look = ({ pods: part }, expected) => {
  const make = check('security');
  if ('missing' in part) return [unread('security', 'pods', part.missing)];
  const excused = expected.filter(({ privilege }) => privilege !== undefined).map(({ name }) => name);
  const bad = part.value.flatMap(({ metadata, spec }) => {
    if (excused.some((name) => metadata.name.startsWith(`${name}-`))) return [];
    const privileged = spec.containers.some(({ securityContext }) => securityContext?.privileged === true);
    if (privileged) return [make(metadata.name, 'failing', 'privileged, and the catalogue declares no reason')];
    if (spec.hostNetwork === true)
      return [make(metadata.name, 'failing', 'on the host network, and the catalogue declares no reason')];
    const latest = spec.containers.find(({ image }) => /(:latest|^[^:@]+)$/.test(image.split('/').at(-1) ?? ''));
    if (latest !== undefined) return [make(metadata.name, 'degraded', `image without a version: ${latest.image}`)];
    return spec.securityContext?.runAsNonRoot === true
      ? []
      : [make(metadata.name, 'degraded', 'may run as root (no runAsNonRoot)')];
  });
  return bad.length > 0 ? bad : [make('pods', 'healthy', `${part.value.length} pods hold to the restricted profile`)];
};

/** Whatever nobody allows is denied, and no emergency lockdown was forgotten. */
const network: Look = ({ policies: part }) => {
  const make = check('network');
  if ('missing' in part) return [unread('network', 'policies', part.missing)];
  const all = part.value.filter(({ spec }) => Object.keys(spec.podSelector.matchLabels ?? {}).length === 0);
  const lockdown = part.value.find(({ metadata }) => metadata.name.includes('lockdown'));
  return [
    all.length === 0
      ? make('policies', 'failing', 'no policy denies by default')
      : make('policies', 'healthy', `${part.value.length} policies, ${all.length} for every pod`),
    ...(lockdown === undefined ? [] : [make(lockdown.metadata.name, 'failing', 'an emergency lockdown is in force')]),
  ];
};

/** Autoscalers can say what they want, and are not at their end. */
const autoscalers: Look = ({ autoscalers: part }) => {
  const make = check('resources');
  if ('missing' in part) return [unread('resources', 'autoscalers', part.missing)];
  return part.value.map(({ metadata: { name }, spec, status }) => {
    const active = status.conditions.find(({ type }) => type === 'ScalingActive');
    const subject = `autoscaler ${name}`;
    if (active?.status !== 'True') return make(subject, 'unknown', active?.message || 'it cannot say what it wants');
    const saw = `wants ${status.desiredReplicas} of ${spec.minReplicas} to ${spec.maxReplicas}`;
    return make(subject, status.desiredReplicas >= spec.maxReplicas ? 'degraded' : 'healthy', saw);
  });
};

const figures: Look = ({ measured: answers }) =>
  measures.flatMap((measure) => measured(measure, answers.get(measure.name) ?? { missing: 'not asked' }));

const looks: readonly Look[] = [services, loadBalancer, certificates, nodes, autoscalers, security, network, figures];

/** Every check there is, over readings; pure. */
export function allChecks(readings: Readings, expected: readonly Workload[]): readonly Check[] {
  return looks.flatMap((look) => look(readings, expected));
}
