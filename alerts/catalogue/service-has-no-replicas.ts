import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { ofPlatform, serviceFrom } from '../scope.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

const available = serviceFrom('deployment', `max by (deployment) (${kube.availableReplicas.name}{${ofPlatform}})`);
const wanted = serviceFrom('deployment', `max by (deployment) (${kube.wantedReplicas.name}{${ofPlatform}})`);

/** Not one replica of a service is available. */
export const serviceHasNoReplicas = defineAlert({
  name: 'ServiceHasNoReplicas',
  expr: `max by (service) (${available}) == 0\nand on (service) max by (service) (${wanted}) > 0`,
  for: duration('1m'),
  severity: 'critical',
  owner: 'platform',
  group: 'critical',
  summary: 'A service has no replica left',
  description: 'No replica of {{ $labels.service }} is available.',
  runbook: {
    meaning: 'For a minute no replica of this Deployment was available although some are wanted.',
    impact: 'Whatever the service does is not done at all.',
    diagnosis: [
      {
        say: 'Where are its pods, and why are they not ready?',
        command: 'kubectl -n gomeet get pods -l app=SERVICE -o wide',
        expect: 'All Running and READY.',
      },
      {
        say: 'What do they say?',
        command: 'kubectl -n gomeet logs deployment/SERVICE --previous --tail=50',
        expect: 'The last lines say why it ended.',
      },
      {
        say: 'What does the cluster say?',
        command: 'kubectl -n gomeet describe pods -l app=SERVICE',
        expect: 'No FailedScheduling, no ErrImagePull, no OOMKilled.',
      },
      { say: 'How many are wanted?', query: wanted },
    ],
    mitigation: [
      // A crash loop of all replicas shows here first, a minute before it can be told from a slow start. So ServiceCrashLooping cannot
      // mute this: it would come too late, and hide the graver from people. Its own runbook is tried meanwhile, hence the question.
      declareIncident(1, 'a part of the product is away altogether. A crash loop is tried to be cured first.', 'one'),
      {
        say: 'Restart it once, if nothing was rolled out: it helps against a stale secret or a sick node.',
        action: 'restartWorkload',
        params: {},
        approval: 'one',
        exceptServices: ['livekit-sfu', 'livekit-recorder', 'turn-service'],
      },
      callThePersonOnCall,
    ],
    person:
      'Roll back (`gomeet rollout rollback SERVICE`), repair the image, or give the nodes room; a missing secret key shows in the events.',
    leave: 'It was scaled to nothing on purpose: then its wanted replicas are 0 and this does not fire.',
    answers: ['Service Not Starting', 'Service Outage Response', 'Debug Pods'],
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('5m'),
    signal: {
      query: `max by (service) (${available})`,
      unit: 'count',
      threshold: 1,
      direction: 'below',
      legend: '{{service}}',
    },
  },
  limits: { maxFleetShareRatio: 1, maxParticipants: 0 },
});
