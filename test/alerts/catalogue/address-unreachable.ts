import { addressUnreachable } from '../../../alerts/catalogue/address-unreachable.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const reached = (instance: string, service: string) =>
  `probe_success{job="blackbox", instance="${instance}", service="${service}"}`;
const down = (instance: string, service: string) =>
  fired(addressUnreachable, `critical platform ${service}`, { instance }, `${instance} does not answer as it should.`);

export const proof = proves(addressUnreachable, {
  'it fires after two minutes, for that address only, with the service whose it is': fires(
    { [reached('https://a.test/', 'frontend')]: '1x4 0x40', [reached('https://b.test/', 'livekit-sfu')]: '1x44' },
    ['3m', '3m30s'],
    [down('https://a.test/', 'frontend')],
  ),
  'it stays silent for a minute of trouble, and without data': [
    silent({ [reached('https://a.test/', 'frontend')]: '1x4 0x4 1x40' }, ['2m', '9m']),
    silent({}, '9m'),
  ],
});
