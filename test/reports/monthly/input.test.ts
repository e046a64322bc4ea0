import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../kernel/errors.ts';
import { demoInput } from '../../../reports/monthly/demo.ts';
import { parseMonthlyInput } from '../../../reports/monthly/input.ts';
import { hashOf } from '../../../reports/monthly/report.ts';

const said = (change: object) => {
  try {
    parseMonthlyInput(JSON.stringify({ ...demoInput(), ...change }), 'october.json');
    return 'taken';
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
};

test('an input that was saved is read back as the same', () => {
  const input = demoInput();
  assert.equal(hashOf(parseMonthlyInput(JSON.stringify(input), 'f')), hashOf(input));
});

test('a currency that is not USD is refused, by file and field', () => {
  assert.match(said({ currency: 'EUR' }), /^october\.json: currency: only USD is reckoned with/);
});

test('what is wrong is named by file and field, and never silently dropped', () => {
  assert.match(said({ month: '2026-13' }), /^october\.json: month: want a month such as 2026-10/);
  assert.match(said({ budget: { amount: 1.5 } }), /^october\.json: budget\.amount: /);
  assert.match(said({ hours: [{ atMs: 0, mean: -1, peak: 0, coverage: 1 }] }), /^october\.json: hours\.0\.mean: /);
  assert.match(said({ schemaVersion: 2 }), /^october\.json: schemaVersion: /);
  assert.throws(() => parseMonthlyInput('{', 'october.json'), /october\.json: not JSON/);
});
