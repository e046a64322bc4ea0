import { valkeyMemoryHigh } from '../../../alerts/catalogue/valkey-memory-high.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const used = 'redis_memory_used_bytes{job="redis", instance="e1:9121"}';
const bound = 'redis_memory_max_bytes{job="redis", instance="e1:9121"}';

export const proof = proves(valkeyMemoryHigh, {
  'it fires after five minutes with little left': fires(
    { [used]: '90x60', [bound]: '100x60' },
    ['4m45s', '5m15s'],
    [fired(valkeyMemoryHigh, 'warning data valkey', {}, 'Valkey uses 90% of its memory.')],
  ),
  'it stays silent just below, for a moment, and without data': [
    silent({ [used]: '80x60', [bound]: '100x60' }, '9m'),
    silent({ [used]: '80x8 99x8 80x40', [bound]: '100x60' }, ['4m', '9m']),
    silent({}, '9m'),
  ],
  'it says nothing where maxmemory is 0: a share of nothing was "+Inf%"': silent(
    { [used]: '90x60', [bound]: '0x60' },
    '9m',
  ),
});
