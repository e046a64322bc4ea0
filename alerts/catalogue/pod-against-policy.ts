import { apiServerMetrics as api } from '../../exporters/metrics/kube-apiserver.ts';
import { duration } from '../../kernel/duration.ts';
import { workloads } from '../../manifests/catalogue/index.ts';
import { podSecurityPolicy, privileged } from '../../manifests/files/pod-security.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Refusals in a quarter of an hour that are tolerated. */
export const maxPodsAgainstPolicy = 0;
const checks = `${api.policyChecks.name}{policy="${podSecurityPolicy}", enforcement_action="deny"}`;
// The first refusal since the API server started brings the series: it is no increase of anything.
const refused = `sum(${checks} unless ${checks} offset 15m) or sum(increase(${checks}[15m]))`;
const excepted = privileged(workloads)
  .map(({ name }) => name)
  .join(', ');

/** Somebody wants a pod that breaks the profile: privileged, as root, on the host's network. The policy turns it away; who tries is worth knowing. */
export const podAgainstPolicy = defineAlert({
  name: 'PodAgainstPolicy',
  expr: `(${refused}) > ${maxPodsAgainstPolicy}`,
  for: duration('0s'),
  severity: 'warning',
  owner: 'platform',
  group: 'security',
  labels: { service: 'kube-state-metrics' },
  summary: 'A pod that breaks the pod security profile was refused',
  description:
    'Pods were refused for {{ $value | printf "%.0f" }} breaches of the profile within a quarter of an hour.',
  runbook: {
    meaning: `The API server has turned away pods of the platform that are privileged, run as root, mount the machine or use its network. Only ${excepted} may, by their service accounts.`,
    impact:
      'None by itself: the pod does not run. Either somebody who got in tries for the machine, or a release asks for more than it may and its rollout stands still.',
    diagnosis: [
      { say: 'How many breaches, and do they go on?', query: refused },
      {
        say: 'Who wants which pod? A ReplicaSet is a release; none is somebody with a shell.',
        command: 'kubectl -n gomeet get events --field-selector reason=FailedCreate',
        expect: `No resources found. Else the message names ${podSecurityPolicy} and what was demanded.`,
      },
      {
        say: 'Does somebody borrow an account that is excepted?',
        command:
          'kubectl -n gomeet get pods -o custom-columns=Pod:.metadata.name,Account:.spec.serviceAccountName,Host:.spec.hostNetwork',
        expect: `${excepted} only for pods of that name, and true only for these.`,
      },
      {
        say: 'Is the policy still bound? Without it nothing is refused.',
        command: `kubectl get validatingadmissionpolicybindings ${podSecurityPolicy}`,
        expect: `${podSecurityPolicy}, bound to the policy of that name.`,
      },
    ],
    mitigation: [declareIncident(3, 'find out who wanted it.', 'one'), callThePersonOnCall],
    person:
      'A release: mend its security context, or take it back. Nobody knows of it: treat it as a break-in, with `gomeet security snapshot` first.',
    leave: 'Somebody tries a debug container and says so.',
    answers: ['Security Incident Response'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: {
      query: refused,
      unit: 'count',
      threshold: maxPodsAgainstPolicy,
      direction: 'above',
      legend: 'breaches',
    },
  },
});
