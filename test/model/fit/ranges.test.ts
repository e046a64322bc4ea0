import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addresses, overlaps, rangeOf } from '../../../model/fit/ranges.ts';

test('a range inside another overlaps, neighbours do not', () => {
  assert.ok(overlaps('10.244.0.0/16', '10.244.7.0/24'));
  assert.ok(overlaps('10.0.0.0/8', '10.100.0.0/16'));
  assert.ok(!overlaps('10.100.0.0/16', '10.101.0.0/16'));
  assert.ok(!overlaps('10.100.0.0/17', '10.100.128.0/17'));
});

test('what is no range overlaps with everything, so that it is refused', () => {
  for (const wrong of ['', '10.0.0.0', '10.0.0.0/33', '10.0.0.256/8', 'x/8', '10.0.0.0/8 ']) {
    assert.equal(rangeOf(wrong), undefined, wrong);
    assert.ok(overlaps(wrong, '192.168.0.0/24'));
  }
});

test('a /16 has 65,536 addresses, also where it is not written from its first', () => {
  assert.equal(addresses('10.101.0.0/16'), 65_536);
  assert.deepEqual(rangeOf('10.101.7.9/16'), rangeOf('10.101.0.0/16'));
});
