import { valkeyEvicting } from '../../../alerts/catalogue/valkey-evicting.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const evictions = 'redis_evicted_keys_total{job="redis", instance="redis-exporter:9121"}';

export const proof = proves(valkeyEvicting, {
  'it fires a minute after keys began to go': fires(
    { [evictions]: '0x8 0+4x60' },
    ['2m45s', '8m'],
    [fired(valkeyEvicting, 'critical data valkey', {}, 'About 80 keys were thrown away in five minutes.')],
  ),
  'it stays silent when keys went long ago and none goes now, and without data': [
    silent({ [evictions]: '5000x60' }, '12m'),
    silent({}, '12m'),
  ],
});
