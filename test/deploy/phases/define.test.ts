import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { platformFiles } from '../../../cli/deploy/platform.ts';
import { fileToPhase, phaseNamed, phases } from '../../../deploy/phases/define.ts';
import { environments } from '../../../manifests/environments/index.ts';

it('has a phase for every file of every environment, in the order in which the files are to be applied', () => {
  for (const { name, deployable } of Object.values(environments)) {
    if (!deployable) continue;
    const paths = platformFiles(name).map(({ path }) => path);
    const numbers = paths.map(
      (path) => phaseNamed(fileToPhase[path] ?? '')?.number ?? assert.fail(`no phase for ${path}`),
    );
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
      paths.join(),
    );
  }
});

it("has the runbook's twelve, by name and in order", () => {
  assert.deepEqual(
    phases.map(({ number }) => number),
    Array.from({ length: 12 }, (_none, index) => index + 1),
  );
  const map = readFileSync(new URL('../../../docs/map.md', import.meta.url), 'utf8');
  assert.ok(map.includes('gomeet deploy'));
  assert.deepEqual(phaseNamed('3'), phaseNamed('secrets'));
  assert.equal(phaseNamed('secretz'), undefined);
});
