import { Hono } from 'hono';
import { errorText } from '../kernel/errors.ts';
import type { WorldPart } from './act/define.ts';
import type { Core } from './core.ts';
import { eventRoute } from './intake/events.ts';
import { accept, inboxState } from './intake/inbox.ts';
import { intakeRoute } from './intake/route.ts';
import type { ClickDeps } from './interact/receive.ts';
import { slackRoutes } from './interact/route.ts';
import { followScaleRules } from './reconcile/planned.ts';
import { overdueSchedule } from './store/once.ts';
import { tellScaleEvent } from './store/scale-rules.ts';

const parts: readonly WorldPart[] = ['cluster', 'fleet', 'cloud'];

/** What answers on LISTEN_ADDR: webhooks, clicks, health and metrics. */
export function webApp(
  core: Core,
  options: { token: string; signingSecret: string | undefined; clicks: ClickDeps },
): Hono {
  const app = new Hono();
  const intake = intakeRoute({
    token: options.token,
    log: core.log,
    counted: (result) => core.instruments.webhookRequests.inc({ result }),
    async accept(alerts) {
      await accept(core.database, alerts);
      core.wake();
    },
  });
  app.route('/', intake);
  const tell = async (name: string) => {
    const rule = await tellScaleEvent(core.database, name);
    if (rule !== undefined) await followScaleRules(core);
    return rule;
  };
  app.route('/', eventRoute({ token: options.token, tell }));
  if (options.signingSecret !== undefined)
    app.route('/', slackRoutes({ ...options.clicks, signingSecret: options.signingSecret }));
  app.get('/healthz', (context) => context.text('ok'));
  app.get('/readyz', async (context) => {
    const readiness = await readinessOf(core);
    return context.json(readiness, readiness.ready ? 200 : 503);
  });
  app.get('/metrics', async (context) => {
    const { registry, worldAge } = core.instruments;
    const world = core.world.current();
    for (const part of parts)
      if (world[part] !== undefined) worldAge.set({ part }, (core.clock.now() - world[part].observedAtMs) / 1_000);
    return context.text(await registry.metrics(), 200, { 'content-type': registry.contentType });
  });
  return app;
}

/** Accepted alerts that wait longer than this mean that the loop stands still; so does a schedule that is as late. */
const maxLateSeconds = 60;

async function readinessOf(core: Core): Promise<{ ready: boolean; why: string }> {
  try {
    const { oldestAgeSeconds } = await inboxState(core.database);
    if (oldestAgeSeconds > maxLateSeconds)
      return { ready: false, why: `an accepted alert waits for ${Math.round(oldestAgeSeconds)} s` };
    const late = await overdueSchedule(core.database, maxLateSeconds);
    if (late !== undefined) return { ready: false, why: `the schedule ${late} is overdue` };
    return { ready: true, why: 'the store answers, the inbox moves, no schedule is late' };
  } catch (error) {
    return { ready: false, why: errorText(error) };
  }
}
