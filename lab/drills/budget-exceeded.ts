import { labBudgetUsd } from '../lab-responder.ts';
import { type Drill, usualSetting } from './define.ts';
import { populate } from './stage.ts';

/** The month's money is gone: the responder refuses, with that word, and does not spend. */
export const budgetExceeded: Drill = {
  name: 'budget-exceeded',
  title: 'the month has no money left: the act is refused with the word budget',
  alertname: 'SfuSaturated',
  setting: usualSetting,
  async play(stage) {
    const { control, peers } = stage.platform;
    const sfus = await populate(stage, 60);
    await control.spend(labBudgetUsd - 1);
    stage.say(`DigitalOcean says that the month has cost $${labBudgetUsd - 1}; $${labBudgetUsd} are allowed.`);
    // The responder asks for the bill every five minutes.
    await stage.wait(330);
    await control.saturate(sfus[0]?.pod ?? '');
    stage.cause('A node runs hot.');

    const refused = await stage.until('SfuSaturated fires and is refused for want of money', 900, async () =>
      (await stage.entries('refused')).find(
        ({ detail }) => detail['reason'] === 'budget' && detail['runbook'] === 'SfuSaturated',
      ),
    );
    stage.say(`Refused: ${refused.text}`);
    await stage.wait(300);
    stage.check('the guard shows what it saw', refused.text.includes('$35,000'), refused.text);
    stage.check(
      'no node was asked for',
      (await stage.writes('scale')).length + (await stage.writes('setPoolFloor')).length === 0,
      `${(await peers.writes()).length} changes`,
    );
    const [standing] = (await stage.platform.records.episodes()).filter(
      ({ alertname }) => alertname === 'SfuSaturated',
    );
    stage.check('the refusal stands in the open', standing?.refusal === 'budget', standing?.refusal ?? 'none');
  },
};
