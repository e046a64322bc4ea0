import { databaseDown } from '../../../alerts/catalogue/database-down.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const up = 'up{job="postgres", instance="postgres-exporter:9187", pod="postgres-exporter-1"}';
const labels = { job: 'postgres', instance: 'postgres-exporter:9187', pod: 'postgres-exporter-1' };
const words = 'PostgreSQL database has been down for more than 1 minute';

export const proof = proves(databaseDown, {
  'it fires after a minute, in the words of the runbook': fires(
    { [up]: '1x4 0x40' },
    ['2m', '2m30s'],
    [fired(databaseDown, 'critical data postgresql', labels, words)],
  ),
  'it stays silent while it answers, for one scrape that failed, and for what is another job': [
    silent({ [up]: '1x40' }, '9m'),
    silent({ [up]: '1x4 0 1x40' }, ['1m15s', '5m']),
    silent({ 'up{job="redis", instance="r:9121"}': '0x40' }, '9m'),
  ],
  'it stays silent without data: TargetsMissing tells of that': silent({}, '9m'),
});
