import { autoscalerAtMaximum } from '../../alerts/catalogue/autoscaler-at-maximum.ts';
import { highErrorRateCritical } from '../../alerts/catalogue/high-error-rate-critical.ts';
import { nodeNotReady } from '../../alerts/catalogue/node-not-ready.ts';
import { nodeUnderPressure } from '../../alerts/catalogue/node-under-pressure.ts';
import { podsPending } from '../../alerts/catalogue/pods-pending.ts';
import { targetDown } from '../../alerts/catalogue/target-down.ts';
import { defineBoard } from '../define.ts';
import { sharedPanels } from '../shared.ts';
import { overviewQueries as queries } from './queries.ts';

/** Cluster health and performance (deployment README). */
export const overviewBoard = defineBoard({
  uid: 'gomeet-overview',
  title: 'System Overview',
  folder: 'GoMeet',
  source: 'overview',
  question: 'Is the cluster healthy, and does it carry its load?',
  span: '3h',
  variables: ['service'],
  queries,
  rows: [
    {
      title: 'Is the cluster healthy, and does it carry its load?',
      panels: [
        {
          id: 1,
          title: 'How much do we see?',
          description: 'Share of scrape targets that answer. What does not answer is not known to be well.',
          show: 'stat',
          series: { targets: queries.targets },
          unit: 'percentunit',
          span: 4,
          alert: targetDown,
        },
        {
          id: 2,
          title: 'Nodes that are ready?',
          description: 'Share of the Kubernetes nodes.',
          show: 'stat',
          series: { ready: queries.nodesReady },
          unit: 'percentunit',
          span: 4,
          alert: nodeNotReady,
        },
        {
          id: 3,
          title: 'Pods that are not?',
          description: 'Pods of the platform that do not take traffic.',
          show: 'stat',
          series: { pods: queries.podsNotReady },
          unit: 'short',
          span: 4,
        },
        { ...sharedPanels.people, id: 4, span: 4 },
        {
          id: 5,
          title: 'Requests a second?',
          description: 'What comes in at the gateway.',
          show: 'stat',
          series: { requests: queries.requests },
          unit: 'reqps',
          span: 4,
          links: [{ title: 'The services', board: 'gomeet-application' }],
        },
        {
          id: 6,
          title: 'How many fail?',
          description: 'Share of 5xx at the gateway.',
          show: 'stat',
          series: { errors: queries.errors },
          unit: 'percentunit',
          span: 4,
          alert: highErrorRateCritical,
          links: [{ title: 'The services', board: 'gomeet-application' }],
        },
      ],
    },
    {
      title: 'What does not run as it should?',
      panels: [
        { ...sharedPanels.missing, id: 7, span: 12 },
        { ...sharedPanels.crashLooping, id: 8, span: 12 },
        {
          id: 9,
          title: 'Which pods do not come up?',
          description: 'Pods that are pending, failed or unknown, and what containers wait for.',
          show: 'stack',
          empty: 'all run, or Kubernetes is not seen',
          series: { '{{phase}}': queries.phases, 'waits: {{reason}}': queries.waiting },
          unit: 'short',
          alert: podsPending,
          span: 12,
        },
        {
          id: 10,
          title: 'Which autoscaler is at its end?',
          description: 'Replicas wished for, against the most that it may ask for.',
          show: 'lines',
          series: { '{{horizontalpodautoscaler}}': queries.atMaximum },
          unit: 'percentunit',
          span: 12,
          alert: autoscalerAtMaximum,
        },
      ],
    },
    {
      title: 'Do the machines carry it?',
      panels: [
        { ...sharedPanels.machineCpu, id: 11, span: 12 },
        { ...sharedPanels.machineMemory, id: 12, span: 12 },
        {
          id: 13,
          title: 'Do nodes complain?',
          description: 'Nodes under pressure, by condition.',
          show: 'stack',
          series: { '{{condition}}': queries.pressure },
          unit: 'short',
          span: 8,
          alert: nodeUnderPressure,
        },
        {
          id: 14,
          title: 'Is the API server quick?',
          description: '99th percentile by verb, watches left out.',
          show: 'lines',
          series: { '{{verb}}': queries.apiLatency },
          unit: 's',
          span: 8,
        },
        { ...sharedPanels.targetsDown, id: 15, span: 8, links: [] },
      ],
    },
  ],
});
