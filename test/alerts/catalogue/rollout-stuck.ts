import { rolloutStuck } from '../../../alerts/catalogue/rollout-stuck.ts';
import { fired, fires, inCluster, proves, silent } from '../scenario.ts';

const progressing = (status: string) =>
  `kube_deployment_status_condition{${inCluster}, deployment="auth-service", condition="Progressing", reason="x", status="${status}"}`;

export const proof = proves(rolloutStuck, {
  'it fires a minute after Kubernetes gave up': fires(
    { [progressing('false')]: '0x4 1x40' },
    ['2m', '2m30s'],
    [
      fired(
        rolloutStuck,
        'warning platform auth-service',
        {},
        'The rollout of auth-service made no progress within its deadline.',
      ),
    ],
  ),
  'it stays silent while it goes on, for a moment, and without data': [
    silent({ [progressing('true')]: '1x40' }, '9m'),
    silent({ [progressing('false')]: '0x4 1x2 0x40' }, ['1m45s', '9m']),
    silent({}, '9m'),
  ],
});
