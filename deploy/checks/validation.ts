import { probeMetrics } from '../../exporters/metrics/probe.ts';
import { hosts } from '../../manifests/settings.ts';
import { type Check, failed, ok, unknown } from './define.ts';
import type { CheckPorts } from './ports.ts';

/** The README's list of what a person would try by hand. */
export function validation({
  environment,
  query,
  status,
}: Pick<CheckPorts, 'environment' | 'query' | 'status'>): readonly Check[] {
  const { api, livekit } = hosts(environment.settings);
  const noPrometheus = () => unknown('PROMETHEUS_URL is not set', 'set it, such as by a port-forward');
  return [
    {
      check: 'API endpoints accessible',
      async look() {
        const code = await status(`https://${api}/health`, 'get');
        return code === 200
          ? ok(`https://${api}/health answers 200`)
          : failed(`https://${api}/health answers ${code}`, 'gomeet health check');
      },
    },
    {
      check: 'WebSocket connections working',
      async look() {
        const code = await status(`https://${api}/api/v1/ws`, 'websocket');
        // Without a token the handshake ends at the service's own no: the way there works.
        return [101, 401, 403].includes(code)
          ? ok(`the handshake is answered with ${code}`)
          : failed(`the handshake is answered with ${code}`, 'kubectl logs deployment/signaling-service -n gomeet');
      },
    },
    {
      check: 'WebRTC signaling functional',
      async look() {
        const code = await status(`https://${livekit}/`, 'get');
        if (code !== 200) return failed(`https://${livekit}/ answers ${code}`, 'gomeet health check');
        if (query === undefined) return noPrometheus();
        const met = await query(`min(${probeMetrics.success.name})`);
        const [worst] = met;
        if (worst === undefined) return unknown('no trial meeting has been held yet', 'gomeet exporter probe --once');
        return worst.value === 1
          ? ok('the trial meeting connects')
          : failed('the trial meeting does not connect', 'gomeet exporter probe --once');
      },
    },
    {
      check: 'Metrics collection active',
      async look() {
        if (query === undefined) return noPrometheus();
        const jobs = await query('count by (job) (up == 1)');
        return jobs.length === 0
          ? failed('no target is up', 'gomeet deploy --only monitoring')
          : ok(jobs.map(({ labels, value }) => `${labels['job']} ${value}`).join(', '));
      },
    },
    {
      check: 'Alert rules triggered',
      async look() {
        if (query === undefined) return noPrometheus();
        const firing = await query('ALERTS{alertname="Watchdog",alertstate="firing"}');
        return firing.length === 0
          ? failed('the watchdog, which always fires, does not', 'look whether Prometheus has loaded its rules')
          : ok('the watchdog fires');
      },
    },
  ];
}
