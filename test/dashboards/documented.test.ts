import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Board, panelsOf } from '../../dashboards/define.ts';
import { boards } from '../../dashboards/index.ts';
import { performanceBoard } from '../../dashboards/performance/dashboard.ts';
import { systemOverviewBoard } from '../../dashboards/system-overview/dashboard.ts';

/** Titles, legends and queries of the operations runbook's two boards. */
const documented: readonly { board: Board; title: string; panels: Readonly<Record<string, Record<string, string>>> }[] =
  [
    {
      board: performanceBoard,
      title: 'GoMeet Performance',
      panels: {
        'Request Rate': { '{{service}}': 'sum(rate(http_requests_total{namespace="gomeet"}[5m])) by (service)' },
        'Response Time': {
          '{{service}} P95':
            'histogram_quantile(0.95, sum(rate(http_request_duration_seconds_bucket{namespace="gomeet"}[5m])) by (le, service))',
        },
      },
    },
    {
      board: systemOverviewBoard,
      title: 'GoMeet System Overview',
      panels: {
        'Active Meetings': { 'Active Meetings': 'sum(gomeet_active_meetings_total)' },
        'Total Participants': { 'Total Participants': 'sum(gomeet_participants_total)' },
        'Resource Usage': {
          'CPU - {{pod}}': 'sum(rate(container_cpu_usage_seconds_total{namespace="gomeet"}[5m])) by (pod)',
          'Memory - {{pod}}': 'sum(container_memory_working_set_bytes{namespace="gomeet"}) by (pod) / 1024 / 1024',
        },
      },
    },
  ];

for (const { board, title, panels } of documented)
  test(`${title} shows each panel of the runbook, its queries word for word but for the interval`, () => {
    assert.equal(board.title, title);
    for (const [panel, series] of Object.entries(panels)) {
      // One panel of two scales is two: the second bears the first's title with what it adds.
      const shown = panelsOf(board).filter(({ title: of }) => of === panel || of.startsWith(`${panel}: `));
      const queries = Object.assign({}, ...shown.map(({ series: of }) => of));
      const asked = Object.entries(series).map(([legend, expr]) => [
        legend,
        expr.replace('[5m]', '[$__rate_interval]'),
      ]);
      assert.deepEqual(Object.entries(queries), asked, panel);
    }
  });

/** Ids stand in links, bookmarks and threads; titles are those asked for. Whoever changes one breaks what points there. */
const promised: Readonly<Record<string, readonly [title: string, folder: string]>> = {
  'gomeet-home': ['Home', 'GoMeet'],
  'gomeet-overview': ['System Overview', 'GoMeet'],
  'gomeet-application': ['Application Metrics', 'GoMeet'],
  'gomeet-webrtc': ['WebRTC Analytics', 'GoMeet'],
  'gomeet-infrastructure': ['Infrastructure', 'GoMeet details'],
  'gomeet-performance': ['GoMeet Performance', 'GoMeet runbook'],
  'gomeet-system-overview': ['GoMeet System Overview', 'GoMeet runbook'],
  'gomeet-meeting': ['Meeting', 'GoMeet'],
  'gomeet-sfu': ['SFU Fleet and Capacity', 'GoMeet'],
  'gomeet-slo': ['SLOs and Error Budgets', 'GoMeet'],
  'gomeet-cost': ['Cost', 'GoMeet'],
  'gomeet-automation': ['Automation', 'GoMeet'],
};

test('every board that was asked for is there under its title, its lasting id and in its folder, and no other', () => {
  assert.deepEqual(Object.fromEntries(boards.map(({ uid, title, folder }) => [uid, [title, folder]])), promised);
});

test('each board asks its question in its first row, and service, node and meeting can be chosen where they are shown', () => {
  for (const { uid, question, rows } of boards) {
    assert.match(question, /\?$/, uid);
    assert.match(rows[0]?.title ?? '', /\?$/, uid);
  }
  const choosing = (variable: string) => boards.filter(({ variables }) => variables.some((one) => one === variable));
  assert.ok(choosing('service').some(({ uid }) => uid === 'gomeet-application'));
  for (const uid of ['gomeet-sfu', 'gomeet-webrtc'])
    assert.ok(
      choosing('node').some((board) => board.uid === uid),
      uid,
    );
  assert.ok(choosing('room').some(({ uid }) => uid === 'gomeet-meeting'));
});

test('a meeting shows its people over time, its quality and the node it lives on', () => {
  const meeting = boards.find(({ uid }) => uid === 'gomeet-meeting');
  const shown = panelsOf(meeting ?? performanceBoard).map(({ series }) => Object.values(series).join(' '));
  for (const asked of [/gomeet_room_participants/, /quality/, /node_id/])
    assert.ok(
      shown.some((queries) => asked.test(queries)),
      String(asked),
    );
});

test('automation shows what was done, refused and verified, and how long it takes to see, to take up and to end', () => {
  const automation = boards.find(({ uid }) => uid === 'gomeet-automation');
  const words = panelsOf(automation ?? performanceBoard)
    .flatMap(({ title, description, series }) => [title, description, ...Object.entries(series).flat()])
    .join(' ');
  for (const asked of [/refus/, /verified/, /detect/, /acknowledge/, /resolve/]) assert.match(words, asked);
});
