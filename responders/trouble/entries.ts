import type { Part } from '../health/define.ts';
import type { Evidence, Figure, TroublePod } from './collect.ts';
import type { Answer, Entry, Fix, Question } from './define.ts';

/** Asks a question of a part; one that was not read rules nothing out. */
function of<T>(part: Part<T>, look: (value: T) => Answer): Answer {
  return 'missing' in part ? { notKnown: part.missing } : look(part.value);
}

/** Asks about a figure of Prometheus: the highest, or the lowest, of its series. */
function figure(
  evidence: Evidence,
  name: Figure,
  look: (value: number, labels: Readonly<Record<string, string>>) => Answer,
  lowest = false,
): Answer {
  return of(evidence.figures[name], (samples) => {
    const [worst] = samples
      .filter(({ value }) => Number.isFinite(value))
      .sort((a, b) => (lowest ? a.value - b.value : b.value - a.value));
    return worst === undefined ? { notKnown: 'Prometheus has no data of it' } : look(worst.value, worst.labels);
  });
}

const percent = (ratio: number) => `${Math.round(ratio * 100)} %`;

function waiting(pods: readonly TroublePod[], reasons: readonly string[]) {
  return pods.flatMap(({ metadata, status }) =>
    status.containerStatuses.flatMap(({ state, image }) =>
      state.waiting !== undefined && reasons.includes(state.waiting.reason)
        ? [{ pod: metadata.name, image, reason: state.waiting.reason, message: state.waiting.message }]
        : [],
    ),
  );
}

const deletePod = (pod: string): Fix => ({
  say: `delete the pod ${pod} once the cause is gone`,
  action: 'deletePod',
  params: { pod },
});

const noRoom: Question = {
  cause: 'no room on any node',
  look: ({ pods }) =>
    of(pods, (all) => {
      const stuck = all.find(({ status }) =>
        status.conditions.some(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable'),
      );
      if (stuck === undefined) return { ruledOut: 'every pod has a node' };
      const { message } = stuck.status.conditions.find(({ reason }) => reason === 'Unschedulable') ?? { message: '' };
      return {
        found: `${stuck.metadata.name} waits: ${message}`,
        fix: { say: 'add a node to its pool', action: 'raiseNodePool', params: { step: 1 } },
      };
    }),
};

const outOfMemory: Question = {
  cause: 'memory limit',
  look: ({ pods, workload }) =>
    of(pods, (all) => {
      const killed = all.find(({ status }) =>
        status.containerStatuses.some(({ lastState }) => lastState.terminated?.reason === 'OOMKilled'),
      );
      return killed === undefined
        ? { ruledOut: 'no container was killed for memory' }
        : {
            found: `a container of ${killed.metadata.name} was OOMKilled`,
            ...(workload === undefined
              ? {}
              : { fix: { say: 'give it more memory', action: 'setResources', params: { workload, memory: '×1.5' } } }),
          };
    }),
};

const image: Question = {
  cause: 'image',
  look: ({ pods, workload, rollouts }) =>
    of(pods, (all) => {
      const [bad] = waiting(all, ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);
      if (bad === undefined) return { ruledOut: 'every image was pulled' };
      const before = 'value' in rollouts && rollouts.value.length > 1;
      return {
        found: `${bad.pod} cannot get ${bad.image}: ${bad.message || bad.reason}`,
        fix:
          workload !== undefined && before
            ? { say: 'go back to the revision before', action: 'rollBack', params: { workload } }
            : deletePod(bad.pod),
      };
    }),
};

const configuration: Question = {
  cause: 'configuration',
  look: ({ pods, events }) =>
    of(pods, (all) => {
      const [bad] = waiting(all, ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);
      if (bad !== undefined) return { found: `${bad.pod}: ${bad.message || bad.reason}` };
      return of(events, (seen) => {
        const mount = seen.find(
          ({ reason, message }) => reason === 'FailedMount' && /(configmap|secret)s? .*not found/i.test(message),
        );
        return mount === undefined
          ? { ruledOut: 'no pod lacks a ConfigMap, a Secret or a key' }
          : { found: `${mount.object}: ${mount.message}` };
      });
    }),
};

/** Words with which programs say that a database does not answer. */
const databaseWords =
  /(connection refused|could not connect|no route to host|timeout|too many (clients|connections)|password authentication failed|getaddrinfo|ECONNREFUSED).*/i;

const databaseInLog: Question = {
  cause: 'database connection',
  look: ({ logLines }) =>
    of(logLines, (lines) => {
      if (lines.length === 0) return { notKnown: 'there is no log line to read' };
      const line = lines.findLast(
        (one) =>
          databaseWords.test(one) &&
          /(postgres|pg|sql|redis|valkey|database|:5432|:25060|:25061|:6379|connect)/i.test(one),
      );
      return line === undefined
        ? { ruledOut: `none of the last ${lines.length} log lines speaks of it` }
        : { found: `its log says: ${line}` };
    }),
};

const badRelease: Question = {
  cause: 'bad release',
  look: ({ rollouts, pods, workload, nowMs }) =>
    of(rollouts, ([newest, before]) =>
      of(pods, (all) => {
        const crashing = waiting(all, ['CrashLoopBackOff']);
        if (newest === undefined) return { notKnown: 'no revision is to be seen' };
        if (crashing.length === 0) return { ruledOut: 'no pod is in a crash loop' };
        const minutes = Math.round((nowMs - newest.atMs) / 60_000);
        if (minutes > 60 || before === undefined)
          return { ruledOut: `${crashing.length} pods crash, but the last rollout was ${minutes} min ago` };
        return {
          found: `${crashing.length} pods crash since ${newest.image} was rolled out ${minutes} min ago`,
          ...(workload === undefined
            ? {}
            : { fix: { say: 'go back to the revision before', action: 'rollBack', params: { workload } } }),
        };
      }),
    ),
};

const nodeTrouble: Question = {
  cause: 'node',
  look: ({ nodes }) =>
    of(nodes, (all) => {
      const bad = all.filter(({ status }) =>
        status.conditions.some(
          ({ type, status: value }) =>
            (type === 'Ready' && value !== 'True') || (type.endsWith('Pressure') && value === 'True'),
        ),
      );
      return bad.length === 0
        ? { ruledOut: `all ${all.length} nodes are ready and without pressure` }
        : { found: `${bad.map(({ metadata }) => metadata.name).join(', ')}: not ready or under pressure` };
    }),
};

const highOn = (
  cause: string,
  name: Figure,
  bound: number,
  fix: (workload: string, evidence: Evidence) => Fix | undefined,
): Question => ({
  cause,
  look: (evidence) =>
    figure(evidence, name, (value, labels) => {
      const where = labels['pod'] ?? labels['instance'] ?? 'the busiest';
      if (value <= bound) return { ruledOut: `${where} is highest, at ${percent(value)}` };
      const { workload } = evidence;
      return {
        found: `${where} is at ${percent(value)}`,
        ...(workload === undefined ? {} : { fix: fix(workload, evidence) }),
      };
    }),
});

const atCeiling: Question = {
  cause: 'autoscaler at its maximum',
  look: ({ autoscalers, workload }) =>
    of(autoscalers, (all) => {
      const at = all.filter(({ spec }) => workload === undefined || spec.scaleTargetRef.name === workload);
      if (at.length === 0) return { ruledOut: 'nothing autoscales it' };
      const full = at.find(({ spec, status }) => status.desiredReplicas >= spec.maxReplicas);
      const blind = at.find(
        ({ status }) => !status.conditions.some(({ type, status: on }) => type === 'ScalingActive' && on === 'True'),
      );
      if (full !== undefined)
        return { found: `${full.metadata.name} wants ${full.status.desiredReplicas}, its maximum` };
      return blind === undefined
        ? { ruledOut: 'it has room to grow' }
        : { found: `${blind.metadata.name} cannot say what it wants: it does not scale` };
    }),
};

const managedStatus: Question = {
  cause: 'managed service',
  look: ({ databases }) =>
    of(databases, (all) => {
      const bad = all.filter(({ status }) => status !== 'online');
      if (all.length === 0) return { notKnown: 'the account shows no database' };
      return bad.length === 0
        ? { ruledOut: `${all.map(({ name }) => name).join(', ')}: online` }
        : { found: bad.map(({ name, status }) => `${name} is ${status}`).join(', ') };
    }),
};

const answersOf = (cause: string, name: Figure): Question => ({
  cause,
  look: (evidence) =>
    figure(
      evidence,
      name,
      (value) => (value >= 1 ? { ruledOut: 'it answers its exporter' } : { found: 'it does not answer its exporter' }),
      true,
    ),
});

const connections: Question = {
  cause: 'connections used up',
  look: (evidence) =>
    figure(evidence, 'connectionsUsed', (value) =>
      value > 0.9
        ? { found: `${percent(value)} of its connections are in use` }
        : { ruledOut: `${percent(value)} in use` },
    ),
};

const pooler: Question = {
  cause: 'connection pooler',
  look: ({ endpoints }) =>
    of(endpoints, (all) => {
      const slices = all.filter(({ metadata }) => metadata.labels['kubernetes.io/service-name'] === 'pgbouncer-do');
      if (slices.length === 0) return { notKnown: 'there is no EndpointSlice of pgbouncer-do' };
      const ready = slices
        .flatMap(({ endpoints: some }) => some ?? [])
        .filter(({ conditions }) => conditions.ready).length;
      return ready > 0
        ? { ruledOut: `${ready} poolers are ready` }
        : {
            found: 'no pooler is ready',
            fix: { say: 'restart it', action: 'restartWorkload', params: { workload: 'pgbouncer-do' } },
          };
    }),
};

const noAddress: Question = {
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

const nothingBehind: Question = {
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

const outside: Question = {
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

function moreReplicas(workload: string, { deployment }: Evidence): Fix | undefined {
  if ('missing' in deployment || deployment.value === undefined) return undefined;
  const { wanted } = deployment.value;
  const replicas = wanted + Math.max(1, Math.ceil(wanted / 4));
  return { say: `scale it to ${replicas}; the ceiling holds`, action: 'scaleWorkload', params: { workload, replicas } };
}

const moreMemory = (workload: string): Fix => ({
  say: 'give it more memory',
  action: 'setResources',
  params: { workload, memory: '×1.5' },
});

/** The runbook's troubleshooting, as data. */
export const entries: readonly Entry[] = [
  {
    name: 'service-not-starting',
    title: 'Service not starting',
    symptoms: 'Pods in CrashLoopBackOff, ImagePullBackOff or Pending',
    ofWorkload: true,
    questions: [noRoom, outOfMemory, image, configuration, databaseInLog, badRelease, nodeTrouble],
  },
  {
    name: 'high-usage',
    title: 'High CPU or memory',
    symptoms: 'Pods or nodes near their limits',
    ofWorkload: true,
    questions: [
      highOn('CPU of a pod', 'cpuOfRequest', 1, moreReplicas),
      highOn('memory of a pod', 'memoryOfRequest', 0.9, moreMemory),
      highOn('CPU of a node', 'nodeCpu', 0.9, moreReplicas),
      highOn('memory of a node', 'nodeMemory', 0.95, moreReplicas),
      outOfMemory,
      atCeiling,
      noRoom,
    ],
  },
  {
    name: 'database',
    title: 'Database connectivity',
    symptoms: 'Services cannot reach PostgreSQL or Valkey',
    ofWorkload: false,
    questions: [
      managedStatus,
      answersOf('PostgreSQL', 'postgresUp'),
      answersOf('Valkey', 'valkeyUp'),
      connections,
      pooler,
      databaseInLog,
    ],
  },
  {
    name: 'load-balancer',
    title: 'Load balancer',
    symptoms: 'What comes from outside does not reach the services',
    ofWorkload: false,
    questions: [noAddress, nothingBehind, outside, nodeTrouble],
  },
];

/** The entry of that name; undefined when there is none. */
export function entryNamed(name: string): Entry | undefined {
  return entries.find((entry) => entry.name === name);
}
