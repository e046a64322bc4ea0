import { autoscalerBlind } from '../../../alerts/catalogue/autoscaler-blind.ts';
import { fired, fires, inCluster, proves, silent } from '../scenario.ts';

const condition = (name: string, condition: string, status: string) =>
  `kube_horizontalpodautoscaler_status_condition{${inCluster}, horizontalpodautoscaler="${name}-hpa", condition="${condition}", status="${status}"}`;

export const proof = proves(autoscalerBlind, {
  'it fires after ten minutes without a metric': fires(
    { [condition('auth-service', 'ScalingActive', 'false')]: '0x4 1x100' },
    ['11m', '12m'],
    [
      fired(
        autoscalerBlind,
        'warning platform auth-service',
        {},
        'The autoscaler of auth-service cannot read a metric and stands still.',
      ),
    ],
  ),
  'it stays silent while it sees, for another condition, for nine minutes, and without data': [
    silent({ [condition('auth-service', 'ScalingActive', 'false')]: '0x100' }, '20m'),
    silent({ [condition('auth-service', 'ScalingLimited', 'false')]: '1x100' }, '20m'),
    silent({ [condition('auth-service', 'ScalingActive', 'false')]: '0x4 1x36 0x60' }, ['10m', '20m']),
    silent({}, '20m'),
  ],
});
