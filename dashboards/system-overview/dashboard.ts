import { defineBoard } from '../define.ts';
import { systemOverviewQueries as queries } from './queries.ts';

/** The board of the runbook's chapter on monitoring, panel for panel; its one panel of resources is two, since cores and MiB share no scale. */
export const systemOverviewBoard = defineBoard({
  uid: 'gomeet-system-overview',
  title: 'GoMeet System Overview',
  folder: 'GoMeet runbook',
  source: 'system-overview',
  question: 'How many meetings are there, and what do they take?',
  span: '3h',
  variables: [],
  queries,
  rows: [
    {
      title: 'How many meetings are there, and what do they take?',
      panels: [
        {
          id: 1,
          title: 'Active Meetings',
          description: 'Rooms that LiveKit holds.',
          show: 'stat',
          series: { 'Active Meetings': queries.meetings },
          unit: 'short',
          span: 12,
          links: [{ title: 'Meetings', board: 'gomeet-meeting' }],
        },
        {
          id: 2,
          title: 'Total Participants',
          description: 'Each once, hidden ones left out.',
          show: 'stat',
          series: { 'Total Participants': queries.participants },
          unit: 'short',
          span: 12,
          links: [{ title: 'The SFU fleet', board: 'gomeet-sfu' }],
        },
        {
          id: 3,
          title: 'Resource Usage',
          description: 'Cores by pod.',
          show: 'lines',
          series: { 'CPU - {{pod}}': queries.cpu },
          unit: 'none',
          span: 12,
          links: [{ title: 'The services', board: 'gomeet-application' }],
        },
        {
          id: 4,
          title: 'Resource Usage: Memory',
          description: 'What cannot be taken back, by pod.',
          show: 'lines',
          series: { 'Memory - {{pod}}': queries.memory },
          unit: 'mbytes',
          span: 12,
          links: [{ title: 'The services', board: 'gomeet-application' }],
        },
      ],
    },
  ],
});
