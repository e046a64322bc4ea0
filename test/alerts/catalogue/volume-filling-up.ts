import { volumeFillingUp } from '../../../alerts/catalogue/volume-filling-up.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const volume = (claim: string, free: string) => ({
  [`kubelet_volume_stats_available_bytes{job="kubelet", instance="n1", namespace="gomeet", persistentvolumeclaim="${claim}"}`]:
    free,
  [`kubelet_volume_stats_capacity_bytes{job="kubelet", instance="n1", namespace="gomeet", persistentvolumeclaim="${claim}"}`]:
    '1000x600',
});

export const proof = proves(volumeFillingUp, {
  'it fires after an hour in which the line ends within four days': fires(
    { ...volume('prometheus', '330-0.065x600'), ...volume('grafana', '300x600') },
    ['59m', '62m'],
    [
      fired(
        volumeFillingUp,
        'warning platform prometheus',
        { persistentvolumeclaim: 'prometheus' },
        'Volume prometheus will be full within four days.',
      ),
    ],
    '1m',
  ),
  'it stays silent for one that fills slower, for one that is mostly empty, and without data': [
    silent(volume('prometheus', '330-0.051x600'), '2h', '1m'),
    silent(volume('prometheus', '460-0.2x600'), '2h', '1m'),
    silent({}, '2h', '1m'),
  ],
});
