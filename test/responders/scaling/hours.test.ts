import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hoursLeft, hoursText, parseDays, parseMinute } from '../../../responders/scaling/hours.ts';

const minuteMs = 60_000;
const office = { days: [1, 2, 3, 4, 5], fromMinute: 510, untilMinute: 1_080, timeZone: 'Asia/Jakarta' };
const at = (text: string) => Date.parse(text);

describe('Hours of a rule', () => {
  it('go by the clock on the wall of their time zone', () => {
    // Jakarta is seven hours ahead: 08:30 there is 01:30 here. 2026-11-23 is a Monday.
    assert.equal(hoursLeft(office, at('2026-11-23T01:29:59Z')), undefined);
    assert.equal(hoursLeft(office, at('2026-11-23T01:30:00Z')), 570 * minuteMs);
    assert.equal(hoursLeft(office, at('2026-11-23T10:59:30Z')), minuteMs / 2);
    assert.equal(hoursLeft(office, at('2026-11-23T11:00:00Z')), undefined);
  });

  it('hold on their days alone, by the day it is there', () => {
    // Sunday evening here is Monday morning there.
    assert.equal(hoursLeft({ ...office, fromMinute: 0 }, at('2026-11-22T18:00:00Z')) !== undefined, true);
    assert.equal(hoursLeft(office, at('2026-11-22T04:00:00Z')), undefined);
  });

  it('may go past midnight, and belong to the day on which they began', () => {
    const night = { days: [5], fromMinute: 1_320, untilMinute: 120, timeZone: 'UTC' };
    assert.equal(hoursLeft(night, at('2026-11-27T23:00:00Z')), 180 * minuteMs);
    assert.equal(hoursLeft(night, at('2026-11-28T01:00:00Z')), 60 * minuteMs);
    assert.equal(hoursLeft(night, at('2026-11-27T01:00:00Z')), undefined);
    assert.equal(hoursLeft(night, at('2026-11-28T02:00:00Z')), undefined);
  });

  it('keep to the wall when summer time begins and ends', () => {
    const berlin = { days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 540, untilMinute: 600, timeZone: 'Europe/Berlin' };
    assert.notEqual(hoursLeft(berlin, at('2026-03-28T08:30:00Z')), undefined);
    assert.equal(hoursLeft(berlin, at('2026-03-29T08:30:00Z')), undefined);
    assert.notEqual(hoursLeft(berlin, at('2026-03-29T07:30:00Z')), undefined);
  });

  it('are read and written as people do', () => {
    assert.deepEqual(parseDays('mon-fri'), [1, 2, 3, 4, 5]);
    assert.deepEqual(parseDays('sat,sun'), [0, 6]);
    assert.deepEqual(parseDays('fri-mon'), [0, 1, 5, 6]);
    for (const wrong of ['', 'monday', 'mon-', 'mon-fri-sun', '1-5', '-'])
      assert.equal(parseDays(wrong), undefined, wrong);
    assert.equal(parseMinute('08:30'), 510);
    for (const wrong of ['24:00', '8:30', '08:60', '', '08.30']) assert.equal(parseMinute(wrong), undefined, wrong);
    assert.equal(hoursText(office), 'mon,tue,wed,thu,fri 08:30-18:00 Asia/Jakarta');
  });
});
