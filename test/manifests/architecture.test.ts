import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { architecturePage } from '../../manifests/architecture.ts';
import { environments } from '../../manifests/environments/index.ts';

const { production } = environments;
const page = architecturePage(production);

describe('the architecture page', () => {
  it('has a row for everything that runs, and a pool for every pool', () => {
    for (const { name } of production.workloads) assert.match(page, new RegExp(`^\\| ${name} \\|`, 'm'));
    for (const { name } of production.pools) assert.match(page, new RegExp(`^\\| ${name} \\| \\d+ to \\d+ \\|`, 'm'));
  });

  it('says of everything what it scales by, or why it stands still, and what of the documented metrics is left out', () => {
    const table = page.slice(page.indexOf('## What scales'), page.indexOf('## Where it runs'));
    for (const { name, scaling, kind } of production.workloads) {
      if (scaling === undefined && kind !== 'managed') continue;
      const row = table.split('\n').find((line) => line.startsWith(`| ${name} |`));
      assert.ok(row, name);
      if (scaling?.kind === 'fixed') assert.ok(row.includes(scaling.why), name);
      if (scaling?.kind === 'auto' && scaling.without !== undefined) assert.ok(row.includes(scaling.without), name);
    }
    assert.match(
      table,
      /^\| livekit-sfu \| 25 to 100 \| CPU 70 %, 400 participants a pod, .*down by the responder alone/m,
    );
  });

  it('draws an arrow for every edge but those of Prometheus, and none that is not an edge', () => {
    const arrows = [...page.matchAll(/^ {2}(\w+) -->\|([^|]+)\| (\w+)$/gm)].map(([, from, , to]) => `${from} ${to}`);
    const edges = production.workloads.flatMap((to) =>
      to.clients.map(({ from }) => `${from} ${to.name}`.replaceAll('-', '_')),
    );
    const wanted = new Set(edges.filter((edge) => !edge.startsWith('prometheus ')));

    assert.deepEqual(new Set(arrows), wanted);
  });
});
