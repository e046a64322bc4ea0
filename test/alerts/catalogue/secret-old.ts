import { secretOld } from '../../../alerts/catalogue/secret-old.ts';
import { fired, fires, inCluster, proves, silent } from '../scenario.ts';

const created = (secret: string) => `kube_secret_created{${inCluster}, secret="${secret}"}`;
const days = (count: number) => count * 86_400;

export const proof = proves(secretOld, {
  'it fires for a secret of ours that is older than ninety days': fires(
    { [created('gomeet-secrets')]: `${-days(95)}x200`, [created('digitalocean-credentials')]: `${-days(80)}x200` },
    ['59m', '62m'],
    [
      fired(
        secretOld,
        'warning platform traefik',
        { secret: 'gomeet-secrets' },
        'Secret gomeet-secrets was made 95d 1h 2m 0s ago.',
      ),
    ],
    '1m',
  ),
  'it stays silent for certificates and tokens that others keep, and without data': [
    silent({ [created('gomeet-com-tls')]: `${-days(400)}x200` }, '90m', '1m'),
    silent({}, '90m', '1m'),
  ],
});
