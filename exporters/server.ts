import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

/** What an exporter answers beside its own routes. */
export interface ExporterRoutes {
  /** The Prometheus text and its content type. */
  metrics(): Promise<{ text: string; contentType: string }>;
  /** Why it is not ready; undefined when it is. */
  notReady(): string | undefined;
}

/** The HTTP half of every exporter: /metrics, /healthz and /readyz, and what the caller adds. */
export function exporterApp(routes: ExporterRoutes): Hono {
  const app = new Hono();
  app.get('/metrics', async (context) => {
    const { text, contentType } = await routes.metrics();
    return context.body(text, 200, { 'content-type': contentType });
  });
  app.get('/healthz', (context) => context.text('ok\n'));
  app.get('/readyz', (context) => {
    const reason = routes.notReady();
    return reason === undefined ? context.text('ready\n') : context.text(`not ready: ${reason}\n`, 503);
  });
  return app;
}

/** Listens; port 0 takes a free one. `close` ends at once what is still open. Throws when the address is taken. */
export async function listen(
  app: Hono,
  address: { host: string; port: number },
): Promise<{ port: number; close(): Promise<void> }> {
  const server = serve({ fetch: app.fetch, hostname: address.host, port: address.port });
  await once(server, 'listening');
  const bound = server.address();
  return {
    port: bound === null || typeof bound === 'string' ? address.port : bound.port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}
