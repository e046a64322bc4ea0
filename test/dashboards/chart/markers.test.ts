import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChartMarker, placeMarkers } from '../../../dashboards/chart/markers.ts';

const frame = { fromMs: 0, toMs: 600_000, widthPx: 600 };

test('markers far from each other share one row', () => {
  const placed = placeMarkers(
    [
      { kind: 'fired', atMs: 0 },
      { kind: 'verified', atMs: 300_000 },
    ],
    frame,
  );
  assert.deepEqual(
    placed.map(({ row }) => row),
    [0, 0],
  );
});

test('the labels of near markers stand in rows of their own, the earliest highest', () => {
  const markers: ChartMarker[] = [
    { kind: 'fired', atMs: 100_000 },
    { kind: 'decided', atMs: 101_000 },
    { kind: 'acted', atMs: 102_000 },
  ];
  assert.deepEqual(
    placeMarkers(markers, frame).map(({ kind, row }) => [kind, row]),
    [
      ['fired', 2],
      ['decided', 1],
      ['acted', 0],
    ],
  );
});

test('a marker outside the window is not drawn', () => {
  assert.deepEqual(
    placeMarkers(
      [
        { kind: 'fired', atMs: -1 },
        { kind: 'acted', atMs: 600_001 },
      ],
      frame,
    ),
    [],
  );
});

test('a marker near the right edge has its label on its left', () => {
  assert.equal(placeMarkers([{ kind: 'verified', atMs: 590_000 }], frame)[0]?.align, 'right');
});

test('the same thing twice within a second is one marker', () => {
  assert.equal(
    placeMarkers(
      [
        { kind: 'fired', atMs: 5_100 },
        { kind: 'fired', atMs: 5_900 },
      ],
      frame,
    ).length,
    1,
  );
});

test('labels tell the time of day in UTC with 24 hours', () => {
  assert.equal(
    placeMarkers([{ kind: 'fired', atMs: Date.UTC(2026, 0, 1, 15, 4, 5) }], {
      fromMs: Date.UTC(2026, 0, 1),
      toMs: Date.UTC(2026, 0, 2),
      widthPx: 900,
    })[0]?.label,
    'fired 15:04:05',
  );
});
