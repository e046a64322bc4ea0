import { autoscalerAtMaximum } from '../../../alerts/catalogue/autoscaler-at-maximum.ts';
import { fired, fires, inCluster, proves, silent } from '../scenario.ts';

const of = (name: string, wants: string, most: string) => ({
  [`kube_horizontalpodautoscaler_status_desired_replicas{${inCluster}, horizontalpodautoscaler="${name}-hpa"}`]: wants,
  [`kube_horizontalpodautoscaler_spec_max_replicas{${inCluster}, horizontalpodautoscaler="${name}-hpa"}`]: most,
});

export const proof = proves(autoscalerAtMaximum, {
  'it fires after a quarter of an hour at the maximum, for that service': fires(
    { ...of('auth-service', '20x100', '20x100'), ...of('chat-service', '10x100', '25x100') },
    ['14m', '16m'],
    [
      fired(
        autoscalerAtMaximum,
        'warning platform auth-service',
        {},
        'The autoscaler of auth-service has asked for all its replicas for a quarter of an hour.',
      ),
    ],
  ),
  'it stays silent one replica below, for a peak of ten minutes, and without data': [
    silent(of('auth-service', '19x100', '20x100'), '20m'),
    silent(of('auth-service', '20x40 10x60', '20x100'), ['10m', '20m']),
    silent({}, '20m'),
  ],
});
