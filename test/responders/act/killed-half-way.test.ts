import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ActionName } from '../../../alerts/vocabulary.ts';
import type { Action } from '../../../responders/act/define.ts';
import { actions } from '../../../responders/act/index.ts';
import { scenarios, stage } from '../../support/procedure-scenarios.ts';

describe('Every procedure, killed after each of its steps and gone on with', () => {
  for (const [name, played] of Object.entries(scenarios)) {
    const action: Action = actions[name as ActionName];
    if (played === 'one step') {
      it(`${name} has one step, and is tried again as its own test says`, () => {
        assert.equal(action.stride, undefined);
      });
      continue;
    }
    for (const scenario of [played].flat())
      it(`${name} ${JSON.stringify(scenario.params)} ends as if nobody had disturbed it`, async () => {
        const calm = await stage(scenario);
        const undisturbed = await calm.play(action, scenario.params);
        assert.equal(undisturbed.verdict, scenario.verdict ?? 'verified', undisturbed.saw);
        if (scenario.saw !== undefined) assert.match(undisturbed.saw, scenario.saw);
        const [stands, counts] = [await calm.stands(), calm.counts()];
        let kills = 0;
        for (; kills < undisturbed.turns; kills += 1) {
          const shaken = await stage(scenario);
          const played = await shaken.play(action, scenario.params, kills);
          assert.equal(played.verdict, undisturbed.verdict, `killed after ${kills}: ${played.saw}`);
          assert.deepEqual(await shaken.stands(), stands, `killed after ${kills}`);
          assert.deepEqual(shaken.counts(), counts, `killed after ${kills}`);
        }
        assert.ok(kills > 0);
      });
  }
});
