import { watchdog } from '../../../alerts/catalogue/watchdog.ts';
import { proves } from '../scenario.ts';

const firing = {
  labels: { severity: 'info', owner: 'platform', service: 'prometheus' },
  summary: 'Alerting works',
  description: 'This alert fires always; its absence at the heartbeat is the alarm.',
  runbook_url: 'https://runbooks.gomeet.com/Watchdog',
};

export const proof = proves(watchdog, {
  'it fires from the first evaluation on, with data or without': {
    series: {},
    expect: [
      { at: '0s', firing: [firing] },
      { at: '1h', firing: [firing] },
    ],
  },
});
