import { nodeNotReady } from '../../../alerts/catalogue/node-not-ready.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const ready = (node: string) =>
  `kube_node_status_condition{job="kube-state-metrics", instance="ksm:8080", node="${node}", condition="Ready", status="true"}`;

export const proof = proves(nodeNotReady, {
  'it fires after three minutes, for that machine': fires(
    { [ready('sfu-1')]: '1x4 0x40', [ready('sfu-2')]: '1x44' },
    ['4m', '4m30s'],
    [
      fired(
        nodeNotReady,
        'critical platform kube-state-metrics',
        { node: 'sfu-1' },
        'Node sfu-1 has not been ready for minutes.',
      ),
    ],
  ),
  'it stays silent for two minutes of silence, and without data': [
    silent({ [ready('sfu-1')]: '1x4 0x8 1x40' }, ['3m', '9m']),
    silent({}, '9m'),
  ],
});
