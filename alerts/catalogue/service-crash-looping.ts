import { duration } from '../../kernel/duration.ts';
import { workloads } from '../../manifests/catalogue/index.ts';
import { defineAlert } from '../define.ts';
import { restartsInTenMinutes, serviceRules } from '../recording/services.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Pods of a service in a crash loop that are tolerated. */
export const maxCrashLoopingPods = 0;

/** What a restart would cut off: it is left out for these, as the catalogue says (an SFU holds meetings, a recorder recordings, TURN relays media), and for what is no Deployment: it holds data, or runs on each machine. */
const notRestartable = workloads
  .filter(({ kind, restartable }) => kind !== 'managed' && (kind !== 'Deployment' || !restartable))
  .map((workload) => workload.name);

/** Pods of a service of the catalogue start and die again. The expression yields `service`. */
export const serviceCrashLooping = defineAlert({
  name: 'ServiceCrashLooping',
  expr: `${serviceRules.crashLooping.record} > ${maxCrashLoopingPods}`,
  for: duration('2m'),
  severity: 'critical',
  owner: 'platform',
  group: 'critical',
  summary: 'Pods of a service start and die again',
  description: '{{ $value }} pods of {{ $labels.service }} are in a crash loop.',
  runbook: {
    meaning: `For two minutes pods of this service were in CrashLoopBackOff, or started ${restartsInTenMinutes} times in ten minutes.`,
    impact:
      'The service has fewer replicas than it should, or none. A crash loop after a rollout usually reaches all replicas as the rollout goes on.',
    diagnosis: [
      {
        say: 'What did it say before it died?',
        command: 'kubectl -n gomeet logs deployment/SERVICE --previous --tail=50',
        expect: 'The last lines before the end say why.',
      },
      {
        say: 'Was it rolled out just before? Then go back instead of restarting.',
        command: 'kubectl -n gomeet rollout history deployment/SERVICE',
        expect: 'The newest revision is days old, or the one that you know of.',
      },
      {
        say: 'How many replicas are left?',
        query:
          'kube_deployment_status_replicas_available{namespace="gomeet"} / kube_deployment_spec_replicas{namespace="gomeet"}',
      },
      {
        say: 'OOMKilled, a missing secret key, a database that is away?',
        command: 'kubectl -n gomeet describe pods -l app=SERVICE',
        expect: 'No OOMKilled, and no warnings among the events.',
      },
    ],
    mitigation: [
      {
        say: 'Restart the Deployment once: it helps where a pod came up with a stale secret, a dead connection or on a sick node. It does not help against a bad release, and is never done to what holds meetings, recordings or relayed media.',
        action: 'restartWorkload',
        params: {},
        approval: 'none',
        exceptServices: notRestartable,
      },
      {
        say: 'Where another image was rolled out within the hour, go back to the one before: a person says yes, the responder does it.',
        action: 'rollBack',
        params: { within: duration('1h') },
        approval: 'one',
        exceptServices: notRestartable,
      },
      {
        say: 'Declare an incident: most likely the release or what it depends on. Going back is a decision for people.',
        action: 'openIncident',
        params: { sev: 2 },
        approval: 'none',
      },
      callThePersonOnCall,
    ],
    person:
      'Go back to the last release that ran (`gomeet rollout rollback SERVICE`), or mend the secret, configuration or database that it misses.',
    leave: 'A release is being rolled back right now: let that end first.',
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('10m'),
    signal: {
      query: serviceRules.crashLooping.record,
      unit: 'count',
      threshold: maxCrashLoopingPods,
      direction: 'above',
      legend: '{{service}}',
    },
  },
  // A rollout restart takes one replica after another, which of a service with a single one is all of it; and it touches nobody in a meeting.
  limits: { cooldown: duration('15m'), maxFleetShareRatio: 1, maxParticipants: 0, verifyWithin: duration('5m') },
});
