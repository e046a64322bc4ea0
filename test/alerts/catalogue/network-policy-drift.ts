import { networkPolicyDrift } from '../../../alerts/catalogue/network-policy-drift.ts';
import { fired, fires, inCluster, proves, silent } from '../scenario.ts';

const deployment = (name: string) => `kube_deployment_spec_replicas{${inCluster}, deployment="${name}"}`;
const statefulSet = (name: string) => `kube_statefulset_replicas{${inCluster}, statefulset="${name}"}`;
const policy = (name: string) => `kube_networkpolicy_created{${inCluster}, networkpolicy="${name}"}`;
const constant = (...series: readonly string[]) => Object.fromEntries(series.map((name) => [name, '3x100']));
const drift = (networkpolicy: string, kind: string) =>
  fired(
    networkPolicyDrift,
    'warning platform traefik',
    { networkpolicy, drift: kind },
    `Policy ${networkpolicy} is ${kind}.`,
  );
const inOrder = constant(
  policy('default-deny'),
  policy('allow-dns'),
  deployment('auth-service'),
  policy('auth-service'),
  statefulSet('prometheus'),
  policy('prometheus'),
);

export const proof = proves(networkPolicyDrift, {
  'it fires after a quarter of an hour for a workload without its policy, whatever its kind': fires(
    { ...inOrder, [deployment('chat-service')]: '_x7 3x100', [statefulSet('alertmanager')]: '_x7 3x100' },
    ['16m30s', '17m'],
    [drift('alertmanager', 'missing'), drift('chat-service', 'missing')],
  ),
  'it fires when what denies everything else is gone, even if nothing is left': fires(
    constant(deployment('auth-service')),
    ['14m', '16m'],
    [drift('allow-dns', 'missing'), drift('auth-service', 'missing'), drift('default-deny', 'missing')],
  ),
  'it fires for a policy that nobody declared': fires(
    { ...inOrder, ...constant(policy('allow-same-namespace')) },
    ['14m', '16m'],
    [drift('allow-same-namespace', 'unknown')],
  ),
  'it stays silent when all is as declared, in a lockdown, and for the SFU, which policies do not reach': [
    silent(inOrder, '20m'),
    silent({ ...inOrder, ...constant(policy('emergency-lockdown'), deployment('livekit-sfu')) }, '20m'),
  ],
  'it stays silent without data: what is not seen has not drifted': silent({}, '20m'),
});
