import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { knownSeries } from '../../alerts/known-series.ts';
import { durationsIn, lintPromql, seriesIn } from '../../alerts/promql.ts';

const known = knownSeries();
const lint = (expr: string) => lintPromql(expr, known);

test('it has nothing to say about what is right', () => {
  for (const expr of [
    'rate(livekit_packet_bytes{direction="outgoing"}[5m])',
    'histogram_quantile(0.95, sum by (le, direction) (rate(livekit_rtt_ms_bucket[5m])))',
    'sum by (service) (label_replace(up{job="livekit"}, "service", "$1", "pod", "(.+)-.+-.+"))',
    'sum by (service) (label_replace(label_replace(up, "inner", "$1", "pod", "(.+)"), "service", "$1", "inner", "(.+)"))',
    'node_id:sfu_cpu_load_ratio:max > 0.85 and on (node_id) gomeet_sfu_node_rooms > 0',
    'vector(1)',
    'up offset 5m',
  ]) {
    assert.deepEqual(lint(expr), [], expr);
  }
});

test('a misspelt metric names the nearest right one', () => {
  assert.deepEqual(lint('gomeet_sfu_node_cpu_load > 1'), [
    'unknown metric gomeet_sfu_node_cpu_load; did you mean gomeet_sfu_node_cpu_load_ratio?',
  ]);
  assert.deepEqual(lint('livekit_participants_total'), [
    'unknown metric livekit_participants_total; did you mean livekit_participant_total?',
  ]);
});

test('a misspelt label names the nearest right one, in a matcher and in a grouping', () => {
  assert.deepEqual(lint('livekit_packet_bytes{directon="outgoing"}'), [
    'livekit_packet_bytes has no label directon; did you mean direction?',
  ]);
  assert.deepEqual(lint('sum by (nodeid) (livekit_room_total)'), [
    'no series here has the label nodeid; did you mean node_id?',
  ]);
  assert.deepEqual(lint('up * on (nod_id) group_left (pod) livekit_room_total'), [
    'no series here has the label nod_id; did you mean node_id?',
  ]);
});

test('a label that only the other side of an expression has does not excuse one that is missing here', () => {
  assert.deepEqual(lint('sum by (room_sid) (gomeet_rooms) + on (room_sid) gomeet_room_participants').length, 1);
});

test('rate() over a gauge is refused, though the gauge is called _total', () => {
  assert.deepEqual(lint('rate(livekit_participant_total[5m])'), [
    'rate() over livekit_participant_total, which is no counter',
  ]);
  assert.deepEqual(lint('sum(increase(gomeet_rooms[1h]))'), ['increase() over gomeet_rooms, which is no counter']);
});

test('deriv() over a counter is refused', () => {
  assert.deepEqual(lint('deriv(livekit_packet_total[5m])'), [
    'deriv() over the counter livekit_packet_total: use rate()',
  ]);
});

test('what does not parse is said once, with its place', () => {
  assert.match(lint('sum(up').join(), /^does not parse at character 6/);
  assert.match(lint('').join(), /does not parse/);
  assert.match(lint('rate(up[5x])').join(), /does not parse/);
});

test('a selector without a metric name is refused, since it can match anything', () => {
  assert.deepEqual(lint('{job="livekit"}'), ['names no metric: {job="livekit"}']);
});

test('a bucket is known only of a histogram, and a histogram only by its parts', () => {
  assert.deepEqual(lint('livekit_rtt_ms').length, 1);
  assert.deepEqual(lint('livekit_room_total_bucket').length, 1);
});

test('it finds the series and the durations of an expression, and throws for what does not parse', () => {
  assert.deepEqual(seriesIn('sum(rate(a[5m])) / on () b + a'), ['a', 'b']);
  assert.deepEqual(
    durationsIn('rate(a[5m:30s] offset 1h) > 300').map(([, , text]) => text),
    ['5m', '30s', '1h'],
  );
  assert.throws(() => durationsIn('rate(a[5m'), SyntaxError);
  assert.throws(() => seriesIn('a +'), SyntaxError);
});

test('no text whatever makes the lint throw, and what it passes without a word promises to parse', () => {
  const piece = fc.constantFrom(
    'sum',
    '(',
    ')',
    '[5m]',
    'up',
    'rate',
    '{',
    '}',
    'job',
    '=',
    '"x"',
    ' by ',
    ' on ',
    '+',
    '> 1',
    ':',
    '\n',
    '"',
    '5',
    'gomeet_rooms',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      ),
      (text) => {
        if (lint(text).length === 0) seriesIn(text);
      },
    ),
    { numRuns: 500 },
  );
});
