import { replicationLagHigh } from '../../../alerts/catalogue/replication-lag-high.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const behind =
  'pg_stat_replication_pg_wal_lsn_diff{job="postgres", instance="e1", application_name="standby", client_addr="10.0.0.2", server="db", slot_name="s", state="streaming"}';
const mebibytes = (count: number) => count * 1_024 * 1_024;

export const proof = proves(replicationLagHigh, {
  'it fires after five minutes': fires(
    { [behind]: `${mebibytes(288)}x60` },
    ['4m45s', '5m30s'],
    [
      fired(
        replicationLagHigh,
        'warning data postgresql',
        { application_name: 'standby' },
        'Standby standby is 288MiB behind.',
      ),
    ],
  ),
  'it stays silent just below, for three minutes, and without data': [
    silent({ [behind]: `${mebibytes(224)}x60` }, '9m'),
    silent({ [behind]: `${mebibytes(900)}x12 0x40` }, ['3m', '9m']),
    silent({}, '9m'),
  ],
});
