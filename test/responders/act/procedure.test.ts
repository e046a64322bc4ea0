import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { PortError } from '../../../kernel/errors.ts';
import { usd } from '../../../kernel/money.ts';
import type { Action, Stride } from '../../../responders/act/define.ts';
import { touchesNothing } from '../../../responders/act/define.ts';
import { defineProcedure, progressOf, type StepAnswer, stepText } from '../../../responders/act/procedure.ts';
import type { Run } from '../../../responders/records.ts';
import { actRig } from '../../support/act-ports.ts';
import { pastRun, situationOf } from '../../support/situation.ts';

const { scene } = situationOf('restartWorkload');

/** A procedure of three steps whose answers the test writes, and what they were asked in order. */
function procedure(answers: Readonly<Record<string, () => StepAnswer>>) {
  const asked: string[] = [];
  const answer = async (key: string): Promise<StepAnswer> => {
    asked.push(key);
    return answers[key]?.() ?? { done: `${key} saw` };
  };
  const input = z.object({ n: z.number() });
  const action: Action = defineProcedure({
    name: 'restartAll',
    title: 'Three steps',
    params: z.object({}),
    needs: [],
    reach: 'platform',
    destructive: false,
    reversal: 'restore',
    waitsFor: [],
    rbac: [],
    kinds: {
      plain: { input, run: ({ n }) => answer(`do ${n}`) },
      reversible: { input, run: ({ n }) => answer(`do ${n}`), undo: ({ n }) => answer(`undo ${n}`) },
    },
    preflight: () => ({
      target: 'x',
      says: 'three steps',
      touches: touchesNothing,
      costPerHour: usd(0),
      steps: [
        { kind: 'reversible', title: 'one', input: { n: 1 }, withinMs: 1_000 },
        { kind: 'plain', title: 'two', input: { n: 2 }, withinMs: 2_000 },
        { kind: 'reversible', title: 'three', input: { n: 3 }, withinMs: 3_000 },
      ],
    }),
  });
  return { action, asked };
}

/** Takes it on until it ends; each time as the store would give it back. */
async function play(action: Action, options: { late?: (text: string) => boolean; until?: number } = {}) {
  const plan = action.preflight({}, {}, scene);
  assert.ok('change' in plan);
  let run: Run = { ...pastRun({}), action: 'restartAll', change: plan.change, state: 'verifying', actedAtMs: 1_000 };
  const strides: Stride[] = [];
  for (let turn = 0; turn < (options.until ?? 20); turn += 1) {
    const stride = await action.stride?.(JSON.parse(JSON.stringify(run)), {
      occasion: { labels: {}, fingerprint: undefined, incidentId: '1' },
      ports: actRig().ports,
      declared: scene.declared,
      nowMs: 2_000 + turn,
      late: options.late?.(stepText(run) ?? '') ?? false,
    });
    assert.ok(stride !== undefined);
    strides.push(stride);
    run = { ...run, change: stride.change ?? run.change };
    if (stride.kind === 'end') break;
  }
  return { strides, run, last: strides.at(-1) };
}

describe('A procedure', () => {
  it('goes step by step, each stored before the next begins, and is verified when all are over', async () => {
    const { action, asked } = procedure({});

    const { strides, last } = await play(action);

    assert.deepEqual(asked, ['do 1', 'do 2', 'do 3']);
    assert.deepEqual(
      strides.map(({ kind }) => kind),
      ['step', 'step', 'end'],
    );
    assert.deepEqual(
      strides.flatMap((stride) => (stride.kind === 'step' ? [stride.withinMs] : [])),
      [2_000, 3_000],
    );
    assert.equal(last?.kind === 'end' && last.verdict, 'verified');
  });

  it('takes back in reverse order what came before the step that failed, and says what stays', async () => {
    const { action, asked } = procedure({ 'do 3': () => ({ failed: 'it broke' }) });

    const { last } = await play(action);

    assert.deepEqual(asked, ['do 1', 'do 2', 'do 3', 'undo 3', 'undo 1']);
    assert.ok(last?.kind === 'end');
    assert.equal(last.verdict, 'not-improved');
    assert.equal(last.saw, 'three: it broke; taken back: one, three; left as it is: two');
  });

  it('calls for a person when a step cannot be taken back', async () => {
    const { action } = procedure({ 'do 3': () => ({ failed: 'broke' }), 'undo 1': () => ({ failed: 'stuck' }) });

    const { last } = await play(action);

    assert.equal(last?.kind === 'end' && last.verdict, 'unknown');
    assert.match(last?.kind === 'end' ? last.saw : '', /could not be taken back: one/);
  });

  it('waits on a peer that is away, and gives up when the time of the step is over', async () => {
    const away = (): StepAnswer => {
      throw new PortError('kubernetes', 'unavailable', 'it is away');
    };
    const waiting = await play(procedure({ 'do 2': away }).action, { until: 5 });
    assert.deepEqual(
      waiting.strides.map(({ kind }) => kind),
      ['step', 'wait', 'wait', 'wait', 'wait'],
    );

    const late = await play(procedure({ 'do 2': away }).action, { late: (text) => text.startsWith('step 2') });
    assert.match(late.last?.kind === 'end' ? late.last.saw : '', /two: kubernetes: it is away/);
    assert.equal(late.last?.kind === 'end' && late.last.verdict, 'not-improved');
  });

  it('does not try again what a peer refuses', async () => {
    const { action, asked } = procedure({
      'do 1': () => {
        throw new PortError('kubernetes', 'forbidden', 'cannot patch');
      },
    });

    const { last } = await play(action);

    assert.deepEqual(asked, ['do 1', 'undo 1']);
    assert.match(last?.kind === 'end' ? last.saw : '', /cannot patch/);
  });

  it('remembers between two looks, and keeps the moment a step began', async () => {
    let looks = 0;
    const { action } = procedure({
      'do 2': () => {
        looks += 1;
        return looks < 3 ? { wait: 'not yet', memo: { looks } } : { done: 'there' };
      },
    });

    const { strides, run } = await play(action);

    const waits = strides.filter(({ kind }) => kind === 'wait').map(({ change }) => progressOf({ change })?.steps[1]);
    assert.deepEqual(
      waits.map((row) => row?.memo),
      [{ looks: 1 }, { looks: 2 }],
    );
    assert.equal(new Set(waits.map((row) => row?.begunAtMs)).size, 1);
    assert.equal(progressOf(run)?.steps[1]?.saw, 'there');
  });

  it('ends with a sentence when the store holds a kind of step that this version does not know', async () => {
    const { action } = procedure({});
    const plan = action.preflight({}, {}, scene);
    assert.ok('change' in plan);
    const change = JSON.parse(JSON.stringify(plan.change).replace('"plain"', '"of-tomorrow"'));
    const stride = await action.stride?.(
      { ...pastRun({}), change: { ...change, steps: change.steps.slice(1) } },
      {
        occasion: { labels: {}, fingerprint: undefined, incidentId: '1' },
        ports: actRig().ports,
        declared: scene.declared,
        nowMs: 0,
        late: false,
      },
    );
    assert.match(stride?.kind === 'step' ? stride.says : '', /no kind of step of-tomorrow/);
  });
});
