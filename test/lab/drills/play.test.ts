import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Drill, usualSetting } from '../../../lab/drills/define.ts';
import { playDrill, type StartPlatform } from '../../../lab/drills/play.ts';
import type { LabPlatform } from '../../../lab/platform.ts';

const away = async (): Promise<never> => {
  throw new Error('the store is away');
};

/** A platform of which a drill here uses the records alone. */
function platform(broken: { journal?: boolean; close?: boolean } = {}): LabPlatform {
  const records = { journal: broken.journal ? away : async () => [], episodes: async () => [] };
  return { factor: 1, records, close: broken.close ? away : async () => undefined } as unknown as LabPlatform;
}

const fine: Drill = {
  name: 'fine',
  title: 'one check that holds',
  alertname: undefined,
  setting: usualSetting,
  async play(stage) {
    stage.cause('something happens');
    stage.check('it is seen', true, '');
  },
};

const failures = async (start: StartPlatform, drill = fine) => {
  const result = await playDrill(drill, start);
  return { passed: result.passed, failed: result.checks.filter(({ ok }) => !ok).map(({ what, saw }) => [what, saw]) };
};

describe('a drill fails alone, with its reason', () => {
  it('when its platform does not start', async () => {
    assert.deepEqual(await failures(away), {
      passed: false,
      failed: [['the platform starts', 'the store is away']],
    });
  });

  it('when it throws what no check expected', async () => {
    const seen = await failures(async () => platform(), { ...fine, play: away });

    assert.deepEqual(seen, { passed: false, failed: [['the drill ran to its end', 'the store is away']] });
  });

  it('when the journal cannot be read for its timeline', async () => {
    assert.deepEqual(await failures(async () => platform({ journal: true })), {
      passed: false,
      failed: [['the journal can be read at the end', 'the store is away']],
    });
  });

  it('when its platform cannot be put away', async () => {
    assert.deepEqual(await failures(async () => platform({ close: true })), {
      passed: false,
      failed: [['the platform is put away', 'the store is away']],
    });
  });

  it('and passes where nothing of this happens', async () => {
    assert.deepEqual(await failures(async () => platform()), { passed: true, failed: [] });
  });
});
