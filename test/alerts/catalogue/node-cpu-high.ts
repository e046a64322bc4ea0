import { nodeCpuHigh } from '../../../alerts/catalogue/node-cpu-high.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const idle = (node: string, cpu: number, perStep: number) => ({
  [`node_cpu_seconds_total{job="node-exporter", instance="${node}:9100", node="${node}", cpu="${cpu}", mode="idle"}`]: `0+${perStep}x200`,
  [`node_cpu_seconds_total{job="node-exporter", instance="${node}:9100", node="${node}", cpu="${cpu}", mode="user"}`]: `0+${15 - perStep}x200`,
});

export const proof = proves(nodeCpuHigh, {
  'it fires after a quarter of an hour, over all cores of the machine': fires(
    { ...idle('a', 0, 0.375), ...idle('a', 1, 1.125), ...idle('b', 0, 10) },
    ['14m', '22m'],
    [fired(nodeCpuHigh, 'warning platform node-exporter', { node: 'a' }, 'Node a uses 95% of its CPU.')],
  ),
  'it stays silent just below, when one core of several is busy, and without data': [
    silent(idle('a', 0, 2.25), '25m'),
    silent({ ...idle('a', 0, 0), ...idle('a', 1, 15) }, '25m'),
    silent({}, '25m'),
  ],
});
