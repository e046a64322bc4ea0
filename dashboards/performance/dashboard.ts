import { highResponseTime } from '../../alerts/catalogue/high-response-time.ts';
import { defineBoard } from '../define.ts';
import { performanceQueries as queries } from './queries.ts';

/** The board of the runbook's chapter on performance, panel for panel. */
export const performanceBoard = defineBoard({
  uid: 'gomeet-performance',
  title: 'GoMeet Performance',
  folder: 'GoMeet runbook',
  source: 'performance',
  question: 'How much are the services asked, and how fast do they answer?',
  span: '3h',
  variables: [],
  queries,
  rows: [
    {
      title: 'How much are the services asked, and how fast do they answer?',
      panels: [
        {
          id: 1,
          title: 'Request Rate',
          description: 'As the services promise to say of themselves; what the gateway saw is on Application Metrics.',
          show: 'lines',
          series: { '{{service}}': queries.requests },
          unit: 'reqps',
          span: 12,
          links: [{ title: 'As the gateway saw it', board: 'gomeet-application', with: { service: 'service' } }],
        },
        {
          id: 2,
          title: 'Response Time',
          description: '95th percentile, as the services promise to say of themselves.',
          show: 'lines',
          series: { '{{service}} P95': queries.latency },
          unit: 's',
          span: 12,
          alert: highResponseTime,
          links: [{ title: 'As the gateway saw it', board: 'gomeet-application', with: { service: 'service' } }],
        },
      ],
    },
  ],
});
