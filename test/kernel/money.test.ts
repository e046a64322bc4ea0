import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatUsd, formatUsdChange, type MicroUsd, usd } from '../../kernel/money.ts';

test('an amount below nothing has one sign, in front of the dollars, in amounts and in differences', () => {
  assert.deepEqual(
    [-500, -14, -27_048, 0, 1, 1_000].map((dollars) => formatUsd(usd(dollars))),
    ['−$500.00', '−$14.00', '−$27,048', '$0.00', '$1.00', '$1,000'],
  );
  assert.deepEqual(
    [-14, 0, 589.57, 1_740].map((dollars) => formatUsdChange(usd(dollars))),
    ['−$14.00', '$0.00', '+$589.57', '+$1,740'],
  );
});

test('what rounds to nothing has no sign', () => {
  assert.equal(formatUsd(-4_000 as MicroUsd), '$0.00');
  assert.equal(formatUsdChange(-4_000 as MicroUsd), '$0.00');
  assert.equal(formatUsdChange(4_000 as MicroUsd), '$0.00');
  assert.equal(formatUsd(-4_000 as MicroUsd, { digits: 4 }), '−$0.0040');
});
