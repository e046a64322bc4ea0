import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { defineAlert } from '../define.ts';
import { ofPlatform, serviceFrom } from '../scope.ts';
import { callThePersonOnCall } from '../steps.ts';

const allowed = serviceFrom(
  'poddisruptionbudget',
  `max by (poddisruptionbudget) (${kube.budgetAllowed.name}{${ofPlatform}, poddisruptionbudget!="${sfuWorkload.name}"})`,
);
const expected = serviceFrom(
  'poddisruptionbudget',
  `max by (poddisruptionbudget) (${kube.budgetExpected.name}{${ofPlatform}})`,
);

/** A disruption budget lets no pod go: nodes cannot be drained, upgrades stand still. */
export const disruptionBudgetBlocks = defineAlert({
  name: 'DisruptionBudgetBlocks',
  expr: `max by (service) (${allowed}) == 0\nand on (service) max by (service) (${expected}) > 0`,
  for: duration('1h'),
  severity: 'warning',
  owner: 'platform',
  group: 'capacity',
  summary: 'A disruption budget lets no pod go',
  description: 'The disruption budget of {{ $labels.service }} has allowed nothing for an hour.',
  runbook: {
    meaning:
      'For an hour not one pod of this service could have been moved. SFUs are left out: nothing but the responder drains them.',
    impact: 'None for people. The next upgrade or repair of a node hangs at this pod.',
    diagnosis: [
      {
        say: 'How many are well, how many must be?',
        query: `${kube.budgetHealthy.name}{${ofPlatform}} - on (poddisruptionbudget) ${kube.budgetWanted.name}{${ofPlatform}}`,
      },
      { say: 'Which pods are not well?', command: 'kubectl -n gomeet get pods -l app=SERVICE', expect: 'All READY.' },
      {
        say: 'What does the budget ask?',
        command: 'kubectl -n gomeet get pdb',
        expect: 'ALLOWED DISRUPTIONS above 0.',
      },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Repair the pods that are not well, or lower the budget below the replicas there are.',
    leave: 'A rollout is under way: it ends within the hour.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: allowed, unit: 'count', threshold: 0, direction: 'below', legend: '{{service}}' },
  },
});
