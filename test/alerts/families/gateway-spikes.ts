import { familyAlerts } from '../../../alerts/families/index.ts';
import { alertNamed, fired, fires, type Proof, proves, silent } from '../scenario.ts';

/** Alert, code, and the answers a second from which a rise counts. */
const rows = [
  ['UnauthorizedSpike', 401, 10],
  ['ForbiddenSpike', 403, 5],
  ['RateLimitedSpike', 429, 20],
] as const;

export const proofs: readonly Proof[] = rows.map(([name, code, floor]) => {
  const alert = alertNamed(name, familyAlerts);
  const series = `traefik_entrypoint_requests_total{job="traefik", instance="t1:8082", pod="traefik-1", code="${code}", method="POST", protocol="http", entrypoint="websecure"}`;
  /** So many answers a second for 85 minutes, then so many. */
  const rise = (before: number, after: number) => {
    const [first, then] = [15 * before, 15 * after];
    return { [series]: `0+${first}x340 ${340 * first + then}+${then}x100` };
  };
  const spike = (perSecond: number) => [
    fired(alert, 'warning platform traefik', {}, `${perSecond} answers a second are ${code}.`),
  ];
  return proves(alert, {
    'it fires when they rise suddenly and stay so for five minutes': fires(
      rise(floor / 10, 1.1 * floor),
      ['92m', '94m45s'],
      spike(1.1 * floor),
    ),
    'it stays silent just below the floor, and when they are no more than usual': [
      silent(rise(floor / 10, 0.9 * floor), '95m'),
      silent(rise(2 * floor, 2 * floor), '100m'),
    ],
    'it knows how many times is too many: a little more fires, a little less does not': [
      fires(rise(floor, 5.75 * floor), ['88m', '94m45s'], spike(5.75 * floor)),
      silent(rise(floor, 4.5 * floor), '95m'),
    ],
    'it fires for a code that was never answered before': fires(
      { [series]: `_x340 0+${16.5 * floor}x100` },
      ['88m', '94m45s'],
      spike(1.1 * floor),
    ),
    'it stays silent without data': silent({}, '92m'),
  });
});
