import { valkeyUnreachable } from '../../../alerts/catalogue/valkey-unreachable.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const answers = 'redis_up{job="redis", instance="redis-exporter:9121"}';

export const proof = proves(valkeyUnreachable, {
  'it fires after a minute in which Valkey refused': fires(
    { [answers]: '1x4 0x40' },
    ['2m', '2m30s'],
    [fired(valkeyUnreachable, 'critical data valkey', {}, 'The exporter runs and cannot reach Valkey.')],
  ),
  'it stays silent while it answers, for a short failover, and without data': [
    silent({ [answers]: '1x40' }, '9m'),
    silent({ [answers]: '1x4 0x2 1x40' }, ['1m45s', '9m']),
    silent({}, '9m'),
  ],
});
