import { secretOld } from '../../../alerts/catalogue/secret-old.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const written = (key: string) =>
  `gomeet_responder_secret_written_timestamp_seconds{job="responder", secret="gomeet-secrets", key="${key}"}`;
const days = (count: number) => count * 86_400;

export const proof = proves(secretOld, {
  'it fires for a key that was not written for ninety days, and for no younger one': fires(
    { [written('JWT_SECRET')]: `${-days(95)}x200`, [written('TURN_SECRET')]: `${-days(80)}x200` },
    ['59m', '62m'],
    [
      fired(
        secretOld,
        'warning platform traefik',
        { secret: 'gomeet-secrets', key: 'JWT_SECRET' },
        'gomeet-secrets/JWT_SECRET was written 95d 1h 2m 0s ago.',
      ),
    ],
    '1m',
  ),
  'it stays silent for a secret whose object is old and whose key was rotated, and without data': [
    silent(
      {
        'kube_secret_created{namespace="gomeet", secret="gomeet-secrets"}': `${-days(400)}x200`,
        [written('JWT_SECRET')]: `${-days(3)}x200`,
      },
      '90m',
      '1m',
    ),
    silent({}, '90m', '1m'),
  ],
});
