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

  it('draws an arrow for every edge but those of Prometheus, and none that is not an edge', () => {
    const arrows = [...page.matchAll(/^ {2}(\w+) -->\|([^|]+)\| (\w+)$/gm)].map(([, from, , to]) => `${from} ${to}`);
    const edges = production.workloads.flatMap((to) =>
      to.clients.map(({ from }) => `${from} ${to.name}`.replaceAll('-', '_')),
    );
    const wanted = new Set(edges.filter((edge) => !edge.startsWith('prometheus ')));

    assert.deepEqual(new Set(arrows), wanted);
  });
});
