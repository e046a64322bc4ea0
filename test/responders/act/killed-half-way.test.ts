import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ActionName } from '../../../alerts/vocabulary.ts';
import type { Action } from '../../../responders/act/define.ts';
import { actions } from '../../../responders/act/index.ts';
import { actScenarios, actStage } from '../../support/act-scenarios.ts';
import { scenarios, stage } from '../../support/procedure-scenarios.ts';

describe('Every action, killed before and after each of its writes and gone on with by another responder', () => {
  for (const [name, played] of Object.entries(scenarios)) {
    const action: Action = actions[name as ActionName];
    if (played === 'one step') {
      for (const scenario of actScenarios[action.name] ?? [])
        it(`${name} ${JSON.stringify(scenario)} ends as if nobody had disturbed it`, async () => {
          const calm = actStage(scenario);
          const undisturbed = await calm.play(action);
          assert.equal(undisturbed.ended, 'acted');
          for (let killAt = 0; killAt < undisturbed.moments; killAt += 1) {
            const shaken = actStage(scenario);
            const { ended } = await shaken.play(action, killAt);
            assert.ok(ended === 'acted' || ended === 'found', `killed at ${killAt}: ${JSON.stringify(ended)}`);
            assert.deepEqual(shaken.stands(), calm.stands(), `killed at ${killAt}`);
            assert.deepEqual(shaken.counts(), calm.counts(), `killed at ${killAt}`);
          }
        });
      it(`${name} is played`, () => {
        assert.equal(action.stride, undefined);
        assert.ok(action.name in actScenarios);
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
        for (; kills < undisturbed.moments; kills += 1) {
          const shaken = await stage(scenario);
          const played = await shaken.play(action, scenario.params, kills);
          assert.equal(played.verdict, undisturbed.verdict, `killed at ${kills}: ${played.saw}`);
          assert.deepEqual(await shaken.stands(), stands, `killed at ${kills}`);
          assert.deepEqual(shaken.counts(), counts, `killed at ${kills}`);
        }
        assert.ok(kills > 0);
      });
  }
});
