import { podAgainstPolicy } from '../../../alerts/catalogue/pod-against-policy.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const evaluations = (decision: string, mode: string) =>
  `pod_security_evaluations_total{job="kube-apiserver", instance="api:443", decision="${decision}", mode="${mode}", policy_level="restricted", policy_version="latest", request_operation="create", resource="pod", subresource=""}`;

export const proof = proves(podAgainstPolicy, {
  'it fires at once when a pod was let in with a warning': fires(
    { [evaluations('deny', 'audit')]: '3x40 4x40' },
    ['9m', '10m30s'],
    [
      fired(
        podAgainstPolicy,
        'warning platform kube-state-metrics',
        { mode: 'audit' },
        '1 pods broke the restricted profile (mode audit).',
      ),
    ],
  ),
  'it stays silent for what was really denied, for what is allowed, and without data': [
    silent({ [evaluations('deny', 'enforce')]: '0+1x80' }, '15m'),
    silent({ [evaluations('allow', 'audit')]: '0+1x80' }, '15m'),
    silent({}, '15m'),
  ],
});
