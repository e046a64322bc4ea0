import { managedDatabaseOffline } from '../../../alerts/catalogue/managed-database-offline.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const online = (name: string) =>
  `digitalocean_database_status{job="digitalocean-exporter", id="${name}-id", name="${name}"}`;

export const proof = proves(managedDatabaseOffline, {
  'it fires after ten minutes, for that database': fires(
    { [online('pg')]: '1x4 0x80', [online('valkey')]: '1x84' },
    ['11m', '11m30s'],
    [
      fired(
        managedDatabaseOffline,
        'critical data postgresql',
        { id: 'pg-id', name: 'pg' },
        'DigitalOcean says that database pg is not online.',
      ),
    ],
  ),
  'it stays silent for nine minutes of maintenance, and without data': [
    silent({ [online('pg')]: '1x4 0x36 1x40' }, ['10m', '15m']),
    silent({}, '15m'),
  ],
});
