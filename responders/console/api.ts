import { Hono } from 'hono';
import { z } from 'zod';
import type { ConsoleData, Stretch } from './data.ts';

const query = z.object({
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'after: want the id that the last answer gave as next')
    .optional(),
  limit: z.coerce
    .number('limit: want a number from 1 to 500')
    .int('limit: want a whole number')
    .min(1, 'limit: want 1 or more')
    .max(500, 'limit: want 500 or less')
    .default(100),
});

/** `GET /api/episodes`, `/api/incidents`, `/api/journal`: JSON, oldest first, paged by `after`; `next` is absent at the end. */
export function apiRoutes(data: ConsoleData): Hono {
  const app = new Hono();
  const lists = {
    episodes: (stretch: Stretch) => data.listEpisodes(stretch),
    incidents: (stretch: Stretch) => data.listIncidents(stretch),
    journal: (stretch: Stretch) => data.listJournal(stretch),
  } satisfies Record<string, (stretch: Stretch) => Promise<readonly { readonly id: string }[]>>;
  for (const [name, list] of Object.entries(lists)) {
    app.get(`/${name}`, async (c) => {
      const parsed = query.safeParse(c.req.query());
      if (!parsed.success) return c.json({ error: parsed.error.issues[0]?.message ?? 'bad query' }, 400);
      const { after, limit } = parsed.data;
      // One more than asked for says whether there is a next page.
      const rows = await list({ after, limit: limit + 1 });
      const items = rows.slice(0, limit);
      return c.json({ items, ...(rows.length > limit ? { next: items.at(-1)?.id } : {}) });
    });
  }
  return app;
}
