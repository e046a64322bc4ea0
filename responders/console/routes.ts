import { Hono } from 'hono';
import type { Clock } from '../../kernel/clock.ts';
import { duration, toMs } from '../../kernel/duration.ts';
import { renderPostmortem } from '../tell/postmortem.ts';
import type { IncidentView } from '../tell/view.ts';
import type { ConsoleAuth, SignedIn } from './auth.ts';
import type { ConsoleData } from './data.ts';
import { controlsPage } from './pages/controls.ts';
import { episodePage } from './pages/episode.ts';
import { fleetPanel } from './pages/fleet.ts';
import { incidentPage } from './pages/incident.ts';
import { type PageFrame, page } from './pages/layout.ts';
import { nowPage } from './pages/now.ts';
import { strip } from './pages/strip.ts';
import { type DrawnSignal, drawSignal } from './signal.ts';

interface Pages {
  readonly data: ConsoleData;
  readonly auth: ConsoleAuth;
  readonly clock: Clock;
}

const mostIncidents = 40;
const chartSize = { widthPx: 560, heightPx: 262 };

/** The pages; a part that cannot be read says so, the others are still shown. */
export function pageRoutes({ data, auth, clock }: Pages): Hono<SignedIn> {
  const app = new Hono<SignedIn>();
  const charts = createChartCache(clock);
  const frame = (c: { get(key: 'person' | 'formToken'): string; req: { url: string } }): PageFrame => {
    const { pathname, search } = new URL(c.req.url);
    return {
      person: c.get('person'),
      formToken: c.get('formToken'),
      actAs: auth.kind === 'open' ? auth.people : [],
      nowMs: clock.now(),
      path: pathname + search,
    };
  };
  const chart = (view: IncidentView, size: typeof chartSize | 'spark') =>
    charts(`${view.incident.publicId} ${size === 'spark' ? size : 'full'}`, () =>
      drawSignal({ view, nowMs: clock.now(), signal: (query, range) => data.signal(query, range) }, size),
    );

  app.get('/', async (c) => {
    const at = frame(c);
    const [incidents, controls, inboxRows] = await Promise.all([
      data.incidents(mostIncidents),
      data.controls(),
      data.inboxRows(),
    ]);
    const wanted = c.req.query('incident') ?? incidents[0]?.publicId;
    const view = wanted === undefined ? undefined : await data.incident(wanted);
    if (c.req.query('incident') !== undefined && view === undefined) return c.notFound();
    const hotRatio = data.alerts['SfuSaturated']?.response.signal.threshold;
    const fleetAge = data.world().find(({ part }) => part === 'fleet')?.maxAgeMs ?? toMs(duration('1m'));
    const body = nowPage({
      strip: strip(controls, data.world(), inboxRows, at.nowMs),
      incidents,
      view,
      signal: view && (await chart(view, chartSize)),
      fleet: fleetPanel(data.fleet(), { nowMs: at.nowMs, maxAgeMs: fleetAge, hotRatio }),
      forms: { formToken: at.formToken, back: at.path },
    });
    return c.html(page(at, { title: view?.incident.title ?? 'All quiet', className: 'now', body }));
  });

  // Where boards lead to: whoever clicks an alert wants the thread of its incident, whichever that is by now.
  app.get('/alerts/:name', async (c) => {
    const incident = await data.newestIncidentOf(c.req.param('name'));
    return c.redirect(incident === undefined ? '/' : `/?incident=${encodeURIComponent(incident)}`);
  });

  app.get('/episodes/:id', async (c) => {
    const id = c.req.param('id');
    const view = await data.incidentOfEpisode(id);
    const episode = view?.episodes.find((one) => one.id === id);
    if (view === undefined || episode === undefined) return c.notFound();
    const at = frame(c);
    return c.html(
      page(at, {
        title: `Why: ${episode.alertname}`,
        className: 'sheet',
        body: episodePage({ view, episode, spark: await chart(view, 'spark'), nowMs: at.nowMs }),
      }),
    );
  });

  app.get('/incidents/:id', async (c) => {
    const view = await data.incident(c.req.param('id'));
    if (view === undefined) return c.notFound();
    const at = frame(c);
    return c.html(
      page(at, {
        title: view.incident.title,
        className: 'sheet',
        body: incidentPage({ view, draft: draftOf(view), nowMs: at.nowMs }),
      }),
    );
  });

  app.get('/incidents/:id/postmortem.md', async (c) => {
    const view = await data.incident(c.req.param('id'));
    if (view === undefined) return c.notFound();
    const name = `postmortem-${new Date(view.incident.openedAtMs).toISOString().slice(0, 10)}-${view.incident.publicId.replace(/[^\w-]/g, '')}.md`;
    const { postmortem, closedAtMs } = view.incident;
    const draft = postmortem ?? renderPostmortem(view, await data.warningsBefore(closedAtMs ?? clock.now()));
    return c.body(draft, 200, {
      'content-type': 'text/markdown; charset=utf-8',
      'content-disposition': `attachment; filename="${name}"`,
    });
  });

  app.get('/controls', async (c) => {
    const at = frame(c);
    const [controls, history] = await Promise.all([data.controls(), data.controlHistory(50)]);
    return c.html(
      page(at, {
        title: 'Controls',
        className: 'sheet',
        body: controlsPage({
          controls,
          history,
          alerts: data.alerts,
          forms: { formToken: at.formToken, back: at.path },
        }),
      }),
    );
  });
  return app;
}

/** The stored draft, which people edit; until there is one, what the journal knows so far. */
function draftOf(view: IncidentView): string {
  return view.incident.postmortem ?? renderPostmortem(view);
}

/** Draws each chart at most once a second, however many pages are open. */
function createChartCache(clock: Clock): (key: string, draw: () => Promise<DrawnSignal>) => Promise<DrawnSignal> {
  const kept = new Map<string, { readonly atMs: number; readonly drawn: Promise<DrawnSignal> }>();
  return (key, draw) => {
    const nowMs = clock.now();
    const last = kept.get(key);
    if (last !== undefined && Math.abs(nowMs - last.atMs) < 1_000) return last.drawn;
    for (const [old, { atMs }] of kept) if (nowMs - atMs > 60_000) kept.delete(old);
    const drawn = draw();
    kept.set(key, { atMs: nowMs, drawn });
    drawn.catch(() => kept.delete(key));
    return drawn;
  };
}
