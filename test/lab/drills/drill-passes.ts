import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { drillNamed, playDrill, simulatedFor } from '../../../lab/drills/play.ts';
import { demoTools } from '../../../lab/tools.ts';
import { needTool } from '../../support/need-tool.ts';

/** Plays one drill on a simulated platform of its own, with a real Prometheus, Alertmanager and PostgreSQL; every check of it must hold. */
export function drillPasses(name: string): void {
  const drill = drillNamed(name);
  it(`${name}: ${drill.title}`, async (t) => {
    for (const tool of demoTools) if (!needTool(t, tool)) return;
    const logFolder = await mkdtemp(join(tmpdir(), 'gomeet-drill-logs-'));
    t.after(() => rm(logFolder, { recursive: true, force: true }));

    const result = await playDrill(drill, (setting) => simulatedFor(setting, { logFolder }), {
      journal: ({ kind, text }) => t.diagnostic(`${kind}: ${text}`),
    });

    assert.deepEqual(
      result.checks.filter(({ ok }) => !ok),
      [],
    );
    assert.ok(result.passed, 'a drill that checks nothing does not pass');
  });
}
