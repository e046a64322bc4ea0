import { configReloadFailed } from '../../../alerts/catalogue/config-reload-failed.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const loaded = (name: string) => `${name}_config_last_reload_successful{job="${name}", instance="a"}`;

export const proof = proves(configReloadFailed, {
  'it fires after five minutes, for either': fires(
    { [loaded('prometheus')]: '1x40', [loaded('alertmanager')]: '1x11 0x40' },
    ['7m45s', '8m30s'],
    [
      fired(
        configReloadFailed,
        'warning platform prometheus',
        { job: 'alertmanager' },
        'alertmanager runs with an older configuration than the one on disk.',
      ),
    ],
  ),
  'it stays silent for three minutes, and without data': [
    silent({ [loaded('prometheus')]: '0x12 1x40' }, ['3m', '9m']),
    silent({}, '9m'),
  ],
});
