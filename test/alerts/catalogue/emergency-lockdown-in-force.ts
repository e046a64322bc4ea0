import { emergencyLockdownInForce } from '../../../alerts/catalogue/emergency-lockdown-in-force.ts';
import { fired, fires, inCluster, proves, silent } from '../scenario.ts';

const created = (name: string) => `kube_networkpolicy_created{${inCluster}, networkpolicy="${name}"}`;

export const proof = proves(emergencyLockdownInForce, {
  'it fires a minute after the policy came, and says since when': fires(
    { [created('emergency-lockdown')]: '_x4 60x40' },
    ['1m45s', '2m30s'],
    [
      fired(
        emergencyLockdownInForce,
        'critical platform traefik',
        {},
        'The product is cut off since 1970-01-01 00:01:00 +0000 UTC.',
      ),
    ],
  ),
  'it stays silent for other policies, and without data': [
    silent({ [created('auth-service')]: '60x40' }, '9m'),
    silent({}, '9m'),
  ],
});
