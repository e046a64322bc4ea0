import { backupMissing } from '../../../alerts/catalogue/backup-missing.ts';
import { fired, fires, inCluster, proves, silent } from '../scenario.ts';

const last = `kube_cronjob_status_last_successful_time{${inCluster}, cronjob="backup"}`;

export const proof = proves(backupMissing, {
  'it fires ten minutes after twenty-six hours have gone by': fires(
    { [last]: '0x2000' },
    ['26h9m', '26h12m'],
    [fired(backupMissing, 'critical data backup', {}, 'The last backup succeeded 1d 2h 12m 0s ago.')],
    '1m',
  ),
  'it stays silent the night after a backup, and without data': [
    silent({ [last]: '0x1300 78000x700' }, '30h', '1m'),
    silent({}, '30h', '1m'),
  ],
});
