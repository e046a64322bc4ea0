import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ActionName } from '../../../alerts/vocabulary.ts';
import { errorText } from '../../../kernel/errors.ts';
import type { Action, ActPorts, PolicyRule } from '../../../responders/act/define.ts';
import { actions } from '../../../responders/act/index.ts';
import { progressOf } from '../../../responders/act/procedure.ts';
import { mortal } from '../../support/killed-at.ts';
import { pastRun } from '../../support/situation.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { eventually } from '../adapters/kubernetes/live-cluster.ts';
import { accessCases } from './access-cases.ts';
import { type AccessCluster, startAccessCluster } from './access-cluster.ts';
import { declared, lapsed, reading, scene, seen } from './access-stage.ts';

describe('procedures under a service account with only their verbs', {
  skip: skipWithout('etcd', 'kube-apiserver'),
}, () => {
  let cluster: AccessCluster;
  let serial = 0;

  before(async () => {
    cluster = await startAccessCluster();
  });
  after(() => cluster.stop());

  /** Takes an action on until it ends or only waits, under an account with these rules; what it said, and how many steps were over. */
  async function attempt(
    action: Action,
    params: object,
    rules: readonly PolicyRule[],
    lacking?: string,
    killed = false,
  ) {
    const ports = await cluster.portsWith(rules);
    const plan = action.preflight(params, seen, { ...scene, declared, lapsed });
    assert.ok('change' in plan, JSON.stringify(plan));
    serial += 1;
    let run = pastRun({
      id: `r${serial}`,
      action: action.name,
      change: plan.change,
      state: 'verifying',
      actedAtMs: Date.now(),
    });
    // A new right is known to the authorizer a moment after it was given.
    const unread = await eventually(() =>
      ports.cluster.read().then(
        () => '',
        (error: unknown) => {
          if (lacking !== undefined && errorText(error).includes(lacking)) return errorText(error);
          throw error;
        },
      ),
    );
    const responder = mortal(ports, killed ? 'after its first write' : undefined);
    if (action.stride === undefined) {
      const act = (living: ActPorts) => action.run(run, scene.occasion, living).then(JSON.stringify, errorText);
      const taken = await responder.turn(act);
      const left = taken === undefined ? await cluster.standing() : undefined;
      const text = taken !== undefined ? taken.kept : (await action.applied(run, ports)) ? '' : await act(ports);
      // A drain has marked a pod by its first write and has the rest still to do.
      if (left !== undefined && action !== actions.drainSfu)
        assert.deepEqual(await cluster.standing(), left, 'it was done twice');
      return { text: `${unread}${text ?? ''}`, done: 0, verdict: undefined, killed: taken === undefined };
    }
    let verdict: string | undefined;
    let left: readonly string[] | undefined;
    let died = false;
    for (let turn = 0, waits = 0; turn < 60 && waits < 3; turn += 1) {
      const taken = await responder.turn(async (living) =>
        action.stride?.(structuredClone(run), {
          occasion: scene.occasion,
          ports: living,
          declared,
          nowMs: Date.now(),
          late: false,
        }),
      );
      if (taken?.kept === undefined) {
        died = true;
        left = await cluster.standing();
        continue;
      }
      if (left !== undefined) assert.deepEqual(await cluster.standing(), left, 'it was done twice');
      left = undefined;
      const { kept: stride } = taken;
      run = { ...run, change: stride.change ?? run.change };
      waits = stride.kind === 'wait' ? waits + 1 : 0;
      if (stride.kind !== 'end') continue;
      verdict = stride.verdict;
      break;
    }
    const { steps = [], failure } = progressOf(run) ?? {};
    const text = JSON.stringify([
      unread,
      failure,
      steps.map(({ state, saw, result }) => [state, saw, result?.table, result?.lines]),
    ]);
    return { text, done: steps.filter(({ state }) => state === 'done').length, verdict, killed: died };
  }

  for (const [key, one] of Object.entries(accessCases)) {
    const action: Action = actions[key as ActionName];
    if (one === 'nothing of the cluster') continue;
    it(`${key} needs no more than it declares, also when it is killed after its first write, and says so without any one of its verbs`, async () => {
      const silent: string[] = [];
      for (const [verb, resource] of rightsOf(action)) {
        const right = `${verb} ${resource}`;
        await one.before?.(cluster);
        const words = `cannot ${verb} resource "${resource}"`;
        const less = await attempt(action, one.params, without([...action.rbac, ...reading], resource, verb), words);
        const refused = [...less.text.matchAll(/cannot (\w+) resource .{1,2}?([\w/]+)/g)].map(
          ([, v, r]) => `${v} ${r}`,
        );
        assert.deepEqual([...new Set(refused)], refused.length === 0 ? [] : [right], less.text);
        if (refused.length === 0) silent.push(right);
        // Who may not look at something still does the rest, and says what was not seen.
        else if (verb !== 'list' && action.reach !== 'reading') assert.notEqual(less.verdict, 'verified', right);
      }
      await one.before?.(cluster);
      const enough = await attempt(action, one.params, [...action.rbac, ...reading], undefined, true);
      if (rightsOf(action).some(([verb]) => verb !== 'get' && verb !== 'list'))
        assert.equal(enough.killed, !one.changesNothing, 'killed after its first write');
      assert.doesNotMatch(enough.text, /forbidden/);
      if (action.stride === undefined) assert.equal(enough.text, '');
      assert.ok(enough.done >= (one.reached ?? 0), enough.text);
      assert.deepEqual(silent.sort(), [...(one.beyond ?? [])].sort());
    });
  }
});

function without(rules: readonly PolicyRule[], resource: string, verb: string): PolicyRule[] {
  return rules
    .flatMap((rule) => rule.resources.map((one) => ({ ...rule, resources: [one] })))
    .map((rule) =>
      rule.resources.includes(resource) ? { ...rule, verbs: rule.verbs.filter((one) => one !== verb) } : rule,
    )
    .filter(({ verbs }) => verbs.length > 0);
}

/** Every right that an action declares, once, those that change something first: without one the platform stands as it did for the next. */
function rightsOf({ rbac }: Action): (readonly [verb: string, resource: string])[] {
  const rights = rbac.flatMap(({ resources, verbs }) =>
    resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
  );
  const order = ['patch', 'create', 'delete', 'get', 'list'];
  const rank = (right: string) => order.findIndex((verb) => right.startsWith(verb));
  return [...new Set(rights)]
    .sort((a, b) => rank(a) - rank(b))
    .map((right) => {
      const [verb = '', resource = ''] = right.split(' ');
      return [verb, resource];
    });
}
