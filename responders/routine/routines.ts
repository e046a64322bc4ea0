import type { PlannedStep } from '../act/procedure.ts';

const step = (kind: string, title: string, input: object = {}): PlannedStep => ({
  kind,
  title,
  input,
  withinMs: 120_000,
});
const highest = (
  title: string,
  query: string,
  by: string,
  unit: 'percent' | 'count' | 'seconds',
  none: string,
  most = 5,
) => step('highest', title, { query, by, unit, most, none });
const person = (title: string, ...lines: readonly string[]) => step('told', title, { lines });

const nodeCpu = '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))';
const podCpu = 'sum by (pod) (rate(container_cpu_usage_seconds_total{container!="", namespace="gomeet"}[5m]))';
const requestsInSixHours = 'sum by (service) (increase(traefik_service_requests_total[6h]))';
// Where nothing failed there is no series of failures: that is none, not unknown.
const errorsInSixHours = `(sum by (service) (increase(traefik_service_requests_total{code=~"5.."}[6h])) or 0 * ${requestsInSixHours}) / ${requestsInSixHours}`;
const cpuOfRequest =
  'sum by (container) (rate(container_cpu_usage_seconds_total{container!="", namespace="gomeet"}[1d])) / sum by (container) (kube_pod_container_resource_requests{resource="cpu", namespace="gomeet"})';
const peakNodes = `topk(5, max_over_time((${nodeCpu})[30d:1h]))`;
const nodeMemory = '1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes';
const peakParticipants = 'max_over_time(sum(gomeet_participants)[30d:1h])';
/** Each week of the last 30 days by itself, the newest first. */
const weeklyPeaks = [0, 1, 2, 3]
  .map(
    (weeks) =>
      `label_replace(max_over_time(sum(gomeet_participants)[1w:1h] offset ${weeks}w), "week", "${weeks === 0 ? 'this week' : `${weeks} before`}", "", "")`,
  )
  .join(' or ');
const scalings = 'changes(kube_deployment_spec_replicas{namespace="gomeet"}[1w])';

/** What `kubectl top` is asked for, in the morning and in an outage. */
export const busiest = [
  highest('busiest nodes', nodeCpu, 'instance', 'percent', 'node-exporter is not scraped'),
  highest('fullest nodes', nodeMemory, 'instance', 'percent', 'node-exporter is not scraped'),
  highest('busiest pods, in cores', podCpu, 'pod', 'count', 'cAdvisor is not scraped', 10),
] as const;

/** The operations runbook's routines, each of its steps written out: name, when (cron, UTC), and what. */
export const routines = {
  morning: {
    title: 'Morning health check',
    pattern: '0 7 * * *',
    steps: [
      step('health', 'health of everything', { scope: 'check' }),
      ...busiest,
      step('rollouts', 'rollouts since yesterday'),
      highest('errors in six hours', errorsInSixHours, 'service', 'percent', 'the gateway is not scraped'),
      step('warnings', 'warnings in six hours'),
      step('cost', 'cost'),
      person('errors in the logs of a service', 'gomeet debug logs SERVICE --since 6h --grep ERROR'),
    ],
  },
  'shift-handover': {
    title: 'Shift handover',
    pattern: '0 6,14,22 * * *',
    steps: [
      step('firing', 'what fires'),
      step('health', 'health of everything', { scope: 'check' }),
      step('rollouts', 'rollouts since yesterday'),
      step('scaling', 'autoscalers'),
      step('warnings', 'warnings in six hours'),
      person(
        'for the one who comes',
        'gomeet status: switches that are on, incidents that are open',
        'gomeet incident list',
      ),
    ],
  },
  'backup-verification': {
    title: 'Backup verification',
    pattern: '30 6 * * *',
    steps: [
      step('firing', 'what fires, backups among it'),
      step('backups', 'what is in the bucket'),
      person(
        'verify for real',
        'gomeet backup list',
        'gomeet backup verify latest: restores into a scratch database and counts',
      ),
    ],
  },
  'security-updates': {
    title: 'Security updates',
    pattern: '0 8 * * 1',
    steps: [
      step('images', 'images that run and their ages'),
      step('health', 'security and the rest', { scope: 'check' }),
      person(
        'rebuild, scan, patch',
        'gomeet images build --update-base-images, then gomeet images push: rebuilt on the newest bases',
        'gomeet images scan: exit 1 for a fixable hole that is high or critical',
        'gomeet rollout update SERVICE TAG --strategy canary, one service after another',
      ),
    ],
  },
  'performance-review': {
    title: 'Performance review',
    pattern: '30 8 * * 1',
    steps: [
      highest(
        'CPU used of what is requested, by container',
        cpuOfRequest,
        'container',
        'percent',
        'cAdvisor is not scraped',
        20,
      ),
      person('efficiency in dollars', 'gomeet cost efficiency: what is paid for and not used, by workload and pool'),
      step('scaling', 'autoscalers'),
      highest(
        'times each was scaled in a week',
        scalings,
        'deployment',
        'count',
        'kube-state-metrics is not scraped',
        10,
      ),
      step('health', 'performance', { scope: 'performance' }),
      person(
        'optimise',
        'gomeet scale auto --optimize: right sizes as patches',
        'gomeet fix resources SERVICE --cpu … --memory …',
      ),
    ],
  },
  'capacity-planning': {
    title: 'Capacity planning',
    pattern: '0 9 1 * *',
    steps: [
      highest('most participants in 30 days', peakParticipants, 'job', 'count', 'the LiveKit exporter is not scraped'),
      highest('most participants, by week', weeklyPeaks, 'week', 'count', 'the LiveKit exporter is not scraped'),
      highest('peak CPU of nodes in 30 days', peakNodes, 'instance', 'percent', 'the rule for it has no 30 days yet'),
      step('cost', 'cost'),
      person(
        'plan and budget',
        'gomeet cost report --historical-days 30: what each day cost, and where it is going',
        'gomeet capacity forecast: when the pool runs out',
        'gomeet infra plan --plan-expansion: how far each pool can grow and what that costs',
        'gomeet cost monitor --budget DOLLARS --reason WHY',
      ),
    ],
  },
  'disaster-recovery-test': {
    title: 'Disaster-recovery test',
    pattern: '0 10 1 * *',
    steps: [
      step('drTest', 'the last test'),
      step('backups', 'what is in the bucket'),
      person(
        'test for real, where the identity of the backups is (it is in no cluster); the workflow dr-test does it unattended, where it is switched on (no runner has run that file yet)',
        'gomeet dr test latest --out dr-test.md: restores beside production, measures, cleans up',
      ),
    ],
  },
} as const satisfies Readonly<Record<string, { title: string; pattern: string; steps: readonly PlannedStep[] }>>;
export type RoutineName = keyof typeof routines;
/** Every routine there is. */
export const routineNames = Object.keys(routines) as readonly RoutineName[];
