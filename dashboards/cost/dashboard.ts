import { budgetBurn } from '../../alerts/catalogue/budget-burn.ts';
import { transferOverage } from '../../alerts/catalogue/transfer-overage.ts';
import { defineBoard } from '../define.ts';
import { costQueries as queries } from './queries.ts';

/** Money on one page: the month against its budget first, what it is made of below. */
export const costBoard = defineBoard({
  uid: 'gomeet-cost',
  title: 'Cost',
  folder: 'GoMeet',
  source: 'cost',
  question: 'Does the month stay within its budget, and what is it spent on?',
  span: '7d',
  variables: [],
  queries,
  rows: [
    {
      title: 'Does the month stay within its budget?',
      panels: [
        {
          id: 1,
          title: 'What has the month cost so far?',
          description: 'As DigitalOcean says, without tax.',
          show: 'stat',
          series: { dollars: queries.spent },
          unit: 'currencyUSD',
          span: 6,
        },
        {
          id: 2,
          title: 'What will it have cost?',
          description: 'All that stands goes on standing; unconfirmed prices at their upper end.',
          show: 'stat',
          series: { dollars: queries.forecast },
          unit: 'currencyUSD',
          span: 6,
          alert: budgetBurn,
        },
        {
          id: 3,
          title: 'What does an hour cost?',
          description: 'Before the cap of 672 hours a month. What it is made of: below, and `gomeet cost monitor`.',
          show: 'stat',
          series: { dollars: queries.perHour },
          unit: 'currencyUSD',
          span: 6,
        },
        {
          id: 4,
          title: 'What does a participant-hour cost?',
          description: 'The hour over the people connected now; empty when nobody is. Over days: `gomeet cost report`.',
          show: 'stat',
          series: { dollars: queries.perParticipantHour },
          unit: 'currencyUSD',
          span: 6,
        },
      ],
    },
    {
      title: 'What does it cost for what it does?',
      panels: [
        {
          id: 9,
          title: 'What does each unit cost?',
          description:
            'Over the week before each moment, so that nights and weekends weigh the same. By month and by size of room: `gomeet report monthly`.',
          show: 'lines',
          series: {
            'a participant-hour': queries.participantHour,
            '1,000 participant-minutes': queries.participantMinutes,
            'a meeting': queries.meeting,
          },
          unit: 'currencyUSD',
          span: 24,
        },
      ],
    },
    {
      title: 'What is it spent on?',
      panels: [
        {
          id: 5,
          title: 'What costs most?',
          description: 'Dollars an hour by product. What could go: `gomeet cost efficiency`.',
          show: 'stack',
          series: { '{{resource_type}}': queries.byProduct },
          unit: 'currencyUSD',
          span: 12,
          links: [{ title: 'What is there', board: 'gomeet-infrastructure' }],
        },
        {
          id: 6,
          title: 'Which node pool costs what?',
          description: 'Dollars an hour by pool.',
          show: 'stack',
          series: { '{{pool}}': queries.byPool },
          unit: 'currencyUSD',
          span: 12,
          links: [{ title: 'The SFU fleet', board: 'gomeet-sfu' }],
        },
        {
          id: 7,
          title: 'How much goes to each participant?',
          description: 'What the SFUs send over the people connected, as a rate.',
          show: 'lines',
          series: { 'a participant': queries.bitsPerParticipant },
          unit: 'bps',
          span: 12,
        },
        {
          id: 8,
          title: 'Will traffic cost extra this month?',
          description: "Above the team's transfer pool at the month's end, at the pace so far.",
          show: 'lines',
          series: { dollars: queries.transferOverage },
          unit: 'currencyUSD',
          span: 12,
          alert: transferOverage,
        },
      ],
    },
  ],
});
