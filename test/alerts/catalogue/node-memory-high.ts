import { nodeMemoryHigh } from '../../../alerts/catalogue/node-memory-high.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const memory = (node: string, available: string) => ({
  [`node_memory_MemAvailable_bytes{job="node-exporter", instance="${node}:9100", node="${node}"}`]: available,
  [`node_memory_MemTotal_bytes{job="node-exporter", instance="${node}:9100", node="${node}"}`]: '100x100',
});

export const proof = proves(nodeMemoryHigh, {
  'it fires after five minutes, for that machine': fires(
    { ...memory('a', '5x100'), ...memory('b', '50x100') },
    ['4m45s', '5m30s'],
    [fired(nodeMemoryHigh, 'warning platform node-exporter', { node: 'a' }, 'Node a uses 95% of its memory.')],
  ),
  'it stays silent just below, for three minutes, and without data': [
    silent(memory('a', '15x100'), '9m'),
    silent(memory('a', '5x12 50x80'), ['3m', '9m']),
    silent({}, '9m'),
  ],
});
