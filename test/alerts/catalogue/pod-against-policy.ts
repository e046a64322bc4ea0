import { podAgainstPolicy } from '../../../alerts/catalogue/pod-against-policy.ts';
import { fired, proves, silent } from '../scenario.ts';

const checks = (action: string, policy = 'gomeet-pod-security') =>
  `apiserver_validating_admission_policy_check_total{job="kube-apiserver", instance="api:443", policy="${policy}", policy_binding="${policy}", error_type="invalid_error", enforcement_action="${action}"}`;
const refused = (breaches: number) => [
  fired(
    podAgainstPolicy,
    'warning platform kube-state-metrics',
    {},
    `Pods were refused for ${breaches} breaches of the profile within a quarter of an hour.`,
  ),
];

export const proof = proves(podAgainstPolicy, {
  'it fires at once when pods are refused again, and is over a quarter of an hour later': {
    series: { [checks('deny')]: '3x80 5x140' },
    expect: [
      { at: '20m', firing: [] },
      { at: '20m30s', firing: refused(2) },
      { at: '36m', firing: [] },
    ],
  },
  'it fires for the first refusal of all, which is no increase of anything': {
    series: { [checks('deny')]: '_x40 3x140' },
    expect: [
      { at: '9m45s', firing: [] },
      { at: '10m30s', firing: refused(3) },
      { at: '26m', firing: [] },
    ],
  },
  'it stays silent for what another policy refuses, for what this one only warned of, and without data': [
    silent({ [checks('deny', 'another')]: '0+1x80' }, '15m'),
    silent({ [checks('warn')]: '0+1x80', [checks('audit')]: '0+1x80' }, '15m'),
    silent({}, '15m'),
  ],
});
