import { disruptionBudgetBlocks } from '../../../alerts/catalogue/disruption-budget-blocks.ts';
import { fired, fires, inCluster, proves, silent } from '../scenario.ts';

const of = (name: string, allowed: string, expected = '3x300') => ({
  [`kube_poddisruptionbudget_status_pod_disruptions_allowed{${inCluster}, poddisruptionbudget="${name}"}`]: allowed,
  [`kube_poddisruptionbudget_status_expected_pods{${inCluster}, poddisruptionbudget="${name}"}`]: expected,
});

export const proof = proves(disruptionBudgetBlocks, {
  'it fires after an hour in which nothing was allowed': fires(
    of('auth-service', '0x300'),
    ['59m', '61m'],
    [
      fired(
        disruptionBudgetBlocks,
        'warning platform auth-service',
        {},
        'The disruption budget of auth-service has allowed nothing for an hour.',
      ),
    ],
  ),
  'it stays silent while one may go, for SFUs, for a service without pods, for half an hour, and without data': [
    silent(of('auth-service', '1x300'), '70m'),
    silent(of('livekit-sfu', '0x300'), '70m'),
    silent(of('auth-service', '0x300', '0x300'), '70m'),
    silent(of('auth-service', '0x120 1x180'), ['30m', '70m']),
    silent({}, '70m'),
  ],
});
