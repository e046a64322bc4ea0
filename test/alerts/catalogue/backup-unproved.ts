import { backupUnproved } from '../../../alerts/catalogue/backup-unproved.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const proved = 'gomeet_responder_backup_proved_timestamp_seconds{job="responder", instance="r1"}';
const oldest = 'gomeet_responder_backup_oldest_timestamp_seconds{job="responder", instance="r1"}';
const days = (count: number) => count * 86_400;
const words = (age: string) => [
  fired(
    backupUnproved,
    'warning data backup',
    {},
    `No backup younger than ${age} was ever restored to see whether it is whole.`,
  ),
];

export const proof = proves(backupUnproved, {
  'it fires when the last that was proved is a week old, however many were made since': fires(
    { [proved]: `${-days(6)}x2000`, [oldest]: `${-days(30)}x2000` },
    ['24h59m', '25h5m'],
    words('7d 1h 5m 0s'),
    '1m',
  ),
  'it fires when there are backups for a week and none was ever proved': fires(
    { [oldest]: `${-days(8)}x200` },
    ['59m', '62m'],
    words('8d 1h 2m 0s'),
    '1m',
  ),
  'it stays silent in the first week, after a proof, and without data': [
    silent({ [oldest]: `${-days(6)}x200` }, '2h', '1m'),
    silent({ [proved]: `${-days(2)}x200`, [oldest]: `${-days(30)}x200` }, '2h', '1m'),
    silent({}, '2h', '1m'),
  ],
});
