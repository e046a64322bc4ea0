import { once } from 'node:events';
import { createServer } from 'node:http';
import type { SimState } from '../../../lab/simulator/state.ts';
import { factor } from './day.ts';

/** Serves what autoscalers ask for: /RUN for each namespace's platform. */
export async function serveSeries(
  states: ReadonlyMap<string, SimState>,
): Promise<{ readonly scrapes: readonly object[]; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const state = states.get((request.url ?? '/').slice(1));
    response
      .writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
      .end(state === undefined ? '' : text(state));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new TypeError('no port');
  return {
    scrapes: [...states.keys()].map((run) => ({
      job_name: run,
      metrics_path: `/${run}`,
      scrape_interval: '1s',
      static_configs: [{ targets: [`127.0.0.1:${bound.port}`], labels: { run } }],
    })),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function text({ meetings, sfus }: SimState): string {
  const people = meetings.reduce((sum, { participants }) => sum + participants, 0);
  return [
    `gomeet_participants{state="active",kind="standard"} ${people}`,
    // A second of the bench is fifteen of the platform: the rate must be what it is there.
    ...sfus.map(
      ({ pod, bytesOutTotal }) => `livekit_packet_bytes{direction="outgoing",pod="${pod}"} ${bytesOutTotal / factor}`,
    ),
    '',
  ].join('\n');
}
