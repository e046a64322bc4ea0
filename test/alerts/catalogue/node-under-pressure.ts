import { nodeUnderPressure } from '../../../alerts/catalogue/node-under-pressure.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const condition = (condition: string) =>
  `kube_node_status_condition{job="kube-state-metrics", instance="ksm:8080", node="a", condition="${condition}", status="true"}`;

export const proof = proves(nodeUnderPressure, {
  'it fires after two minutes, and says of what it is short': fires(
    { [condition('DiskPressure')]: '0x4 1x40', [condition('MemoryPressure')]: '0x44' },
    ['3m', '3m30s'],
    [
      fired(
        nodeUnderPressure,
        'warning platform kube-state-metrics',
        { node: 'a', condition: 'DiskPressure' },
        'Node a is under DiskPressure.',
      ),
    ],
  ),
  'it stays silent for a ready machine, for a minute, and without data': [
    silent({ [condition('Ready')]: '1x40' }, '9m'),
    silent({ [condition('DiskPressure')]: '0x4 1x4 0x40' }, ['2m', '9m']),
    silent({}, '9m'),
  ],
});
