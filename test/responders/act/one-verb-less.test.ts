import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ActionName } from '../../../alerts/vocabulary.ts';
import type { Action } from '../../../responders/act/define.ts';
import { actions } from '../../../responders/act/index.ts';
import { progressOf } from '../../../responders/act/procedure.ts';
import { scenarios, stage } from '../../support/procedure-scenarios.ts';
import { type Right, refusingPorts } from '../../support/refusing-ports.ts';

/** Rights that the scenarios do not come to: what they are for stands beside them. */
const unreached: Partial<Record<ActionName, readonly Right[]>> = {
  // For readers of the configuration, which are restarted: none here.
  editConfig: ['get deployments', 'patch deployments'],
  // Of the two kinds of autoscaler only one is made; one that proves wrong is taken away again.
  createAutoscaler: [
    'list deployments',
    'get horizontalpodautoscalers',
    'list horizontalpodautoscalers',
    'create horizontalpodautoscalers',
    'patch horizontalpodautoscalers',
    'delete horizontalpodautoscalers',
    'list scaledobjects',
    'delete scaledobjects',
  ],
  // The Job is there before, ended: nobody runs it here.
  runBackup: ['create jobs'],
  // A policy that nobody had deployed is made, and taken away again.
  lockDown: ['create networkpolicies', 'delete networkpolicies'],
  liftLockdown: ['create networkpolicies', 'delete networkpolicies'],
};

describe('Every right that a procedure declares, taken away alone', () => {
  for (const [name, played] of Object.entries(scenarios)) {
    if (played === 'one step') continue;
    const action: Action = actions[name as ActionName];
    const declared = new Set<Right>(
      action.rbac.flatMap(({ resources, verbs }) =>
        resources.flatMap((resource) => verbs.map((verb): Right => `${verb} ${resource}`)),
      ),
    );
    it(`${name}: ${[...declared].join(', ') || 'none'}`, async () => {
      const reached = new Set<Right>();
      for (const scenario of [played].flat()) {
        const used = new Set<Right>();
        const whole = await stage(scenario);
        const undisturbed = await whole.play(action, scenario.params, undefined, refusingPorts(whole.ports, used));
        for (const right of used) {
          reached.add(right);
          const { ports, play } = await stage(scenario);
          const { run, saw, verdict } = await play(
            action,
            scenario.params,
            undefined,
            refusingPorts(ports, new Set(), right),
          );
          const text = JSON.stringify([saw, progressOf(run)]);
          const [verb, resource] = right.split(' ');
          assert.match(text, new RegExp(`cannot ${verb} resource .{1,2}${resource}`), `${right}: ${verdict}, ${saw}`);
          // Who may not look at something still does the rest, and says what was not seen.
          if (!right.startsWith('list ') && action.reach !== 'reading') assert.notEqual(verdict, 'verified', right);
        }
        assert.notEqual(undisturbed.verdict, undefined);
      }
      assert.deepEqual(
        [...reached].filter((right) => !declared.has(right)),
        [],
        'used and not declared',
      );
      assert.deepEqual(
        [...declared].filter((right) => !reached.has(right)),
        unreached[action.name] ?? [],
        'declared and not used',
      );
    });
  }
});
