import { backupNeverSucceeded } from '../../../alerts/catalogue/backup-never-succeeded.ts';
import { fired, fires, inCluster, proves, silent } from '../scenario.ts';

const last = `kube_cronjob_status_last_successful_time{${inCluster}, cronjob="backup"}`;
const never = fired(
  backupNeverSucceeded,
  'warning data backup',
  { job: 'kube-state-metrics', namespace: 'gomeet' },
  'No backup has been seen to succeed.',
);

export const proof = proves(backupNeverSucceeded, {
  'it fires after a day without one, and without data': fires({}, ['23h', '25h'], [never], '5m'),
  'it stays silent once one has succeeded, however old': silent({ [last]: '60x400' }, '30h', '5m'),
});
