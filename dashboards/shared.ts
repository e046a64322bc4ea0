import { joinFailuresHigh } from '../alerts/catalogue/join-failures-high.ts';
import { nodeCpuHigh } from '../alerts/catalogue/node-cpu-high.ts';
import { nodeMemoryHigh } from '../alerts/catalogue/node-memory-high.ts';
import { serviceCrashLooping } from '../alerts/catalogue/service-crash-looping.ts';
import { sfuHeadroomLow } from '../alerts/catalogue/sfu-headroom-low.ts';
import { trialMeetingFailing } from '../alerts/catalogue/trial-meeting-failing.ts';
import { joinRules } from '../alerts/recording/joins.ts';
import { roomRules } from '../alerts/recording/rooms.ts';
import { serviceRules } from '../alerts/recording/services.ts';
import { sfuRules } from '../alerts/recording/sfu.ts';
import { kubeStateMetrics as kube } from '../exporters/metrics/kube-state-metrics.ts';
import { nodeMetrics as machine } from '../exporters/metrics/node.ts';
import { probeMetrics as probe } from '../exporters/metrics/probe.ts';
import { prometheusMetrics as prometheus } from '../exporters/metrics/prometheus.ts';
import { platformNamespace } from '../manifests/catalogue/define.ts';
import type { Link, Panel } from './define.ts';

const here = `namespace="${platformNamespace}"`;

/** What more than one board asks; a board that shows it names it among its own queries. */
export const sharedQueries = {
  people: roomRules.participants.record,
  joinSuccess: joinRules.success.record,
  joinFailures: joinRules.mediaFailures.record,
  trial: `min(${probe.success.name})`,
  freeSlots: sfuRules.freeSlots.record,
  targetsDown: `sum by (job) (${prometheus.up.name} == bool 0)`,
  missing: `sum by (deployment) (${kube.wantedReplicas.name}{${here}, deployment=~"$service"} - ${kube.availableReplicas.name}{${here}, deployment=~"$service"})`,
  crashLooping: `${serviceRules.crashLooping.record}{service=~"$service"}`,
  machineCpu: `1 - avg by (node) (rate(${machine.cpuSeconds.name}{mode="idle"}[$__rate_interval]))`,
  machineMemory: `1 - ${machine.memoryAvailable.name} / ${machine.memoryTotal.name}`,
} as const;

type SharedPanel = Omit<Panel, 'id' | 'span'>;

const wayIn: Link = { title: 'The way in, step by step', board: 'gomeet-webrtc' };
const machines: Link = { title: 'Machines', board: 'gomeet-infrastructure' };

/** Panels that more than one board shows; each board gives them its own id and width, and links that lead elsewhere than to itself. */
export const sharedPanels = {
  people: {
    title: 'People in meetings?',
    description: 'Hidden participants left out.',
    show: 'stat',
    series: { people: sharedQueries.people },
    unit: 'short',
    links: [{ title: 'The SFU fleet', board: 'gomeet-sfu' }],
  },
  joinSuccess: {
    title: 'Do joins succeed?',
    description: 'At the worse of the two stages, signalling and media.',
    show: 'stat',
    series: { success: sharedQueries.joinSuccess },
    unit: 'percentunit',
    limit: { at: 0.95, direction: 'below', from: 'facts on quality: join success of 95 % is critical' },
    links: [wayIn],
  },
  joinFailures: {
    title: 'Do people get in?',
    description: 'Share of joins that fail, by stage; those who left on their own not counted.',
    show: 'lines',
    series: { '{{stage}}': sharedQueries.joinFailures },
    unit: 'percentunit',
    alert: joinFailuresHigh,
    links: [wayIn],
  },
  trial: {
    title: 'Does a trial meeting?',
    description: 'Two join, one publishes, the other receives, every minute and as people reach us.',
    show: 'stat',
    series: { probe: sharedQueries.trial },
    unit: 'bool_yes_no',
    alert: trialMeetingFailing,
    links: [wayIn],
  },
  freeSlots: {
    title: 'Room for 500s?',
    description: 'Meetings of 500 that still fit: free slots of the largest meeting, all nodes.',
    show: 'stat',
    series: { slots: sharedQueries.freeSlots },
    unit: 'short',
    alert: sfuHeadroomLow,
    links: [{ title: 'Capacity', board: 'gomeet-sfu' }],
  },
  targetsDown: {
    title: 'What do we not see?',
    description: 'Targets that do not answer, by job. What is not measured is not known to be well.',
    show: 'lines',
    series: { '{{job}}': sharedQueries.targetsDown },
    unit: 'short',
    links: [{ title: 'The cluster', board: 'gomeet-overview' }],
  },
  missing: {
    title: 'Which replicas are missing?',
    description: 'Replicas that are wanted and take no traffic yet, by service.',
    show: 'lines',
    series: { '{{deployment}}': sharedQueries.missing },
    unit: 'short',
    links: [{ title: 'This service', board: 'gomeet-application', with: { service: 'deployment' } }],
  },
  crashLooping: {
    title: 'Which services crash?',
    description: 'Pods that start and die again, by service; empty when none does.',
    show: 'lines',
    series: { '{{service}}': sharedQueries.crashLooping },
    unit: 'short',
    alert: serviceCrashLooping,
    empty: 'none crashes, or Kubernetes is not seen',
    links: [{ title: 'This service', board: 'gomeet-application', with: { service: 'service' } }],
  },
  machineCpu: {
    title: 'Which machine is busy?',
    description: 'CPU that is not idle, by node.',
    show: 'lines',
    series: { '{{node}}': sharedQueries.machineCpu },
    unit: 'percentunit',
    alert: nodeCpuHigh,
    links: [machines],
  },
  machineMemory: {
    title: 'Which machine is full?',
    description: 'Memory that programs cannot get any more, by node.',
    show: 'lines',
    series: { '{{node}}': sharedQueries.machineMemory },
    unit: 'percentunit',
    alert: nodeMemoryHigh,
    links: [machines],
  },
} as const satisfies Readonly<Record<string, SharedPanel>>;
