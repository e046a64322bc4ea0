import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { apiRoutes } from '../../../responders/console/api.ts';
import { stage } from './support/stage.ts';

const Page = z.object({ items: z.array(z.object({ id: z.string() })), next: z.string().optional() });

test('the journal is paged by the id after which to go on, without a gap or a repeat', async () => {
  const { data } = stage();
  const app = apiRoutes(data);
  const seen: string[] = [];
  let after = '';
  for (let pages = 0; pages < 20; pages += 1) {
    const page = Page.parse(await (await app.request(`/journal?limit=3${after}`)).json());
    seen.push(...page.items.map(({ id }) => id));
    if (page.next === undefined) break;
    after = `&after=${page.next}`;
  }
  const all = await data.listJournal({ after: undefined, limit: 500 });
  assert.deepEqual(
    seen,
    all.map(({ id }) => id),
  );
  assert.ok(seen.length > 3);
});

test('the last page names no next one', async () => {
  const page = Page.parse(await (await apiRoutes(stage().data).request('/episodes')).json());
  assert.deepEqual([page.items.map(({ id }) => id), page.next], [['907'], undefined]);
});

test('incidents are listed, and an empty list is a list', async () => {
  const set = stage();
  assert.equal(Page.parse(await (await apiRoutes(set.data).request('/incidents')).json()).items.length, 1);
  set.empty();
  assert.deepEqual(await (await apiRoutes(set.data).request('/incidents')).json(), { items: [] });
});

test('a limit or a mark that makes no sense is refused with the reason', async () => {
  const app = apiRoutes(stage().data);
  for (const query of ['limit=0', 'limit=501', 'limit=x', 'limit=1.5', "after=' or 1=1", `after=${'x'.repeat(200)}`]) {
    const answer = await app.request(`/journal?${query}`);
    assert.equal(answer.status, 400, query);
    assert.match(String(z.object({ error: z.string() }).parse(await answer.json()).error), /^(limit|after):/);
  }
});
