import { valkeyMemoryUnbounded } from '../../../alerts/catalogue/valkey-memory-unbounded.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const bound = 'redis_memory_max_bytes{job="redis", instance="e1:9121"}';

export const proof = proves(valkeyMemoryUnbounded, {
  'it fires after a quarter of an hour without a bound': fires(
    { [bound]: '0x100' },
    ['14m45s', '15m15s'],
    [
      fired(
        valkeyMemoryUnbounded,
        'warning data valkey',
        {},
        'maxmemory is 0: Valkey grows until the machine is full.',
      ),
    ],
  ),
  'it stays silent with one, while one is set, and without data': [
    silent({ [bound]: '34359738368x100' }, '20m'),
    silent({ [bound]: '0x40 34359738368x60' }, ['10m', '20m']),
    silent({}, '20m'),
  ],
});
