import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usd } from '../../../kernel/money.ts';
import { costAnalysisPage, documentedBill, documentedTotal, monthlyEgressGib } from '../../../reports/cost/analysis.ts';

test('the documented architecture costs about $9,050 at 6 nodes and $18,450 at 20, as a range, where the document says $27,048', () => {
  const six = documentedTotal(documentedBill(6));
  const twenty = documentedTotal(documentedBill(20));
  // 6 x 672 + 40 + 3 x 64 GiB x ($15.15 to $17.66) + 3 x 480 + 12 + 102.40 + 10 + 20
  assert.ok(six.high > usd(9_000) && six.high < usd(9_100) && six.low < six.high);
  assert.equal(twenty.high - six.high, 14 * usd(672));
  assert.ok(twenty.high < usd(27_048));
  assert.ok(costAnalysisPage().includes('**$8,565 to $9,047** | **$17,973 to $18,455**'));
});

test('50,000 people at 1 Mbit/s for four full hours a day send 2,456 TiB a month, and need more than 20 nodes of 2 Gbit/s', () => {
  assert.equal(Math.round(monthlyEgressGib(50_000, 1, 4) / 1_024), 2_456);
  assert.match(costAnalysisPage(), /do not fit 20 nodes of 2 Gbit\/s, whatever their CPU: that is 25 nodes/);
});
