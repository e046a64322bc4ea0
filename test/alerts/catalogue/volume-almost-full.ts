import { volumeAlmostFull } from '../../../alerts/catalogue/volume-almost-full.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const volume = (claim: string, free: string) => ({
  [`kubelet_volume_stats_available_bytes{job="kubelet", instance="n1", namespace="gomeet", persistentvolumeclaim="${claim}"}`]:
    free,
  [`kubelet_volume_stats_capacity_bytes{job="kubelet", instance="n1", namespace="gomeet", persistentvolumeclaim="${claim}"}`]:
    '1000x100',
});

export const proof = proves(volumeAlmostFull, {
  'it fires after five minutes': fires(
    volume('prometheus', '45x100'),
    ['4m45s', '5m30s'],
    [
      fired(
        volumeAlmostFull,
        'critical platform prometheus',
        { persistentvolumeclaim: 'prometheus' },
        'Volume prometheus has 4.5% left.',
      ),
    ],
  ),
  'it stays silent just above, for three minutes, and without data': [
    silent(volume('prometheus', '55x100'), '9m'),
    silent(volume('prometheus', '45x12 500x80'), ['3m', '9m']),
    silent({}, '9m'),
  ],
});
