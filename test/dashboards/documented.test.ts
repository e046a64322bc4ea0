import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Board, panelsOf } from '../../dashboards/define.ts';
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
