import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** What Prometheus text is served at an address, with counters that go on from where they stood: a rate over what stands still is 0 over 0. */
export async function serveExposition(file: URL, stack: AsyncDisposableStack): Promise<string> {
  const text = readFileSync(file, 'utf8');
  const startedMs = Date.now();
  return await serveText(() => advance(text, (Date.now() - startedMs) / 1_000), stack);
}

/** Serves what `read` gives, at any path; returns HOST:PORT. */
export async function serveText(read: () => string | Promise<string>, stack: AsyncDisposableStack): Promise<string> {
  const server = createServer((_, response) => {
    Promise.resolve()
      .then(read)
      .then(
        (body) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(body),
        () => response.writeHead(503).end(),
      );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(async () => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return `127.0.0.1:${address.port}`;
}

/** The same exposition some seconds later: each counter has grown by 2 % of its value a second, all parts of a histogram alike. */
export function advance(text: string, seconds: number): string {
  const counters = new Set<string>();
  return text
    .split('\n')
    .map((line) => {
      const typed = /^# TYPE (\S+) (\w+)$/.exec(line);
      if (typed?.[1] !== undefined && (typed[2] === 'counter' || typed[2] === 'histogram')) counters.add(typed[1]);
      if (line === '' || line.startsWith('#')) return line;
      const at = line.lastIndexOf(' ');
      const name = /^[a-zA-Z_:][\w:]*/.exec(line)?.[0] ?? '';
      const family = [name, name.replace(/_(bucket|sum|count)$/, '')].find((one) => counters.has(one));
      if (family === undefined) return line;
      // Zero counters move as well: what never happened is not what is to be shown.
      return `${line.slice(0, at)} ${(Number(line.slice(at + 1)) || 1) * (1 + 0.02 * seconds)}`;
    })
    .join('\n');
}
