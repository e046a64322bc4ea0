import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usd } from '../../kernel/money.ts';
import { bookAgeSeconds, nodeCost, nodeMonthlyCap, nodeSize, prices } from '../../model/prices.ts';

const c32 = nodeSize('c-32');
assert.ok(c32);

test('a c-32 costs one dollar an hour and 672 a month, never 730', () => {
  assert.equal(nodeCost(c32, 1), usd(1));
  assert.equal(nodeMonthlyCap(c32), usd(672));
  assert.equal(nodeCost(c32, 730), usd(672));
  assert.equal(nodeCost(c32, 672.5), usd(672));
});

test('part of a month costs its hours', () => {
  assert.equal(nodeCost(c32, 0), usd(0));
  assert.equal(nodeCost(c32, 0.5), usd(0.5));
});

test('hours that are none are refused, and a size without a price is unknown, not free', () => {
  for (const hours of [-1, Number.NaN]) assert.throws(() => nodeCost(c32, hours), RangeError);
  assert.equal(nodeSize('c-64'), undefined);
});

test('the book is dated, every price has a source, and whole micro-dollars', () => {
  assert.match(prices.asOf, /^\d{4}-\d{2}-\d{2}$/);
  for (const { slug, hourly, source, vcpus, memoryGib } of prices.nodeSizes) {
    assert.ok(Number.isInteger(hourly) && hourly > 0 && source.length > 5 && vcpus > 0 && memoryGib > 0, slug);
  }
  for (const { item, monthly, source } of prices.monthly)
    assert.ok(Number.isInteger(monthly) && monthly > 0 && source.length > 5, item);
  const slugs = prices.nodeSizes.map(({ slug }) => slug);
  assert.equal(new Set(slugs).size, slugs.length);
});

test('the c family is linear in its vCPU', () => {
  for (const { slug, vcpus, hourly } of prices.nodeSizes.filter(({ slug }) => /^c-\d+$/.test(slug)))
    assert.equal(hourly, usd((vcpus / 4) * 0.125), slug);
});

test('what could not be confirmed says so: the large databases', () => {
  const unconfirmed = prices.monthly.filter(({ basis }) => basis === 'unconfirmed').map(({ item }) => item);
  assert.ok(unconfirmed.includes('postgresql-16vcpu-64gb') && unconfirmed.includes('valkey-8vcpu-32gb'));
});

test('the age counts from the day of the book, in UTC', () => {
  assert.equal(bookAgeSeconds(Date.UTC(2026, 10, 22, 1)), 90_000);
});
