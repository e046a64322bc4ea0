import { Hono } from 'hono';
import { PortError } from '../../kernel/errors.ts';
import type { ScaleRule } from '../store/scale-rules.ts';
import { sameToken } from './token.ts';

/** What the route needs of the rest. */
export interface EventIntake {
  readonly token: string;
  /** Durable when it resolves; undefined when no rule has that name. Throws PortError when the store is away. */
  tell(name: string): Promise<ScaleRule | undefined>;
}

/** POST /events/NAME: what a booking system, a ticket shop or a calendar tells, so that `gomeet scale event` raises a workload. Told twice, it lasts from the second time. */
export function eventRoute({ token, tell }: EventIntake): Hono {
  const app = new Hono();
  app.post('/events/:name', async (context) => {
    if (!sameToken(context.req.header('authorization'), token))
      return context.json({ result: 'unauthorized', reason: 'want Authorization: Bearer with WEBHOOK_TOKEN' }, 401);
    const name = context.req.param('name');
    if (!/^[a-z0-9-]{1,60}$/.test(name)) return context.json({ result: 'malformed', reason: 'no name of a rule' }, 400);
    try {
      const rule = await tell(name);
      if (rule === undefined)
        return context.json({ result: 'unknown', reason: `no event ${name}: gomeet scale event set makes one` }, 404);
      const { workload, replicas, lastsMs = 0 } = rule;
      return context.json({ result: 'accepted', workload, replicas, forSeconds: lastsMs / 1_000 }, 202);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      return context.json({ result: 'store-away', reason: 'the store is away; try again' }, 503);
    }
  });
  return app;
}
