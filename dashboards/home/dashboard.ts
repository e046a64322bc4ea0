import { addressUnreachable } from '../../alerts/catalogue/address-unreachable.ts';
import { sfuSaturated } from '../../alerts/catalogue/sfu-saturated.ts';
import { defineBoard, type Link } from '../define.ts';
import { sharedPanels } from '../shared.ts';
import { homeQueries as queries } from './queries.ts';

const incidents: Link = { title: 'Incidents and their threads', console: '/' };
const zero = { at: 0, direction: 'above', from: 'a firing alert is a firing alert' } as const;

/** Where whoever is woken begins: is something wrong, do people feel it, is it being handled, and where to look next. */
export const homeBoard = defineBoard({
  uid: 'gomeet-home',
  title: 'Home',
  folder: 'GoMeet',
  source: 'home',
  question: 'Is something wrong, do people feel it, and is it being handled?',
  span: '3h',
  variables: [],
  queries,
  rows: [
    {
      title: 'Is something wrong, do people feel it, and is it being handled?',
      panels: [
        {
          id: 1,
          title: 'Alerts that page?',
          description: 'Critical alerts that fire now, each once.',
          show: 'stat',
          series: { critical: queries.critical },
          unit: 'short',
          span: 3,
          limit: zero,
          links: [incidents],
        },
        {
          id: 2,
          title: 'Warnings?',
          description: 'Warnings that fire now, each once.',
          show: 'stat',
          series: { warning: queries.warning },
          unit: 'short',
          span: 3,
          links: [incidents],
        },
        {
          id: 3,
          title: 'Does alerting work?',
          description:
            'Yes while the alert that always fires does. Without data nothing else on this page means anything.',
          show: 'stat',
          series: { watchdog: queries.watchdog },
          unit: 'bool_yes_no',
          span: 3,
          limit: { at: 1, direction: 'below', from: 'the watchdog always fires' },
          links: [{ title: 'What watches', board: 'gomeet-automation' }],
        },
        { ...sharedPanels.people, id: 4, span: 3 },
        { ...sharedPanels.joinSuccess, id: 5, span: 3 },
        { ...sharedPanels.trial, id: 6, span: 3 },
        { ...sharedPanels.freeSlots, id: 7, span: 3 },
        {
          id: 8,
          title: 'Hottest SFU node?',
          description: 'CPU of the hottest node; its meetings cannot leave it.',
          show: 'stat',
          series: { cpu: queries.hottest },
          unit: 'percentunit',
          span: 3,
          alert: sfuSaturated,
          links: [{ title: 'Which one', board: 'gomeet-sfu' }],
        },
      ],
    },
    {
      title: 'What is it, and what was done?',
      panels: [
        {
          id: 9,
          title: 'What fires now?',
          description: 'A click leads to the runbook, and to the incident with its thread.',
          show: 'table',
          series: { '{{alertname}}': queries.alerts },
          columns: { severity: 'Severity', alertname: 'Alert', service: 'Service', owner: 'Owner' },
          empty: 'nothing fires, or nothing is evaluated: see above',
          unit: 'short',
          span: 12,
          links: [
            { title: 'Incident and its thread', incidentOf: 'Alert' },
            { title: 'Runbook', runbookOf: 'Alert' },
          ],
        },
        {
          id: 10,
          title: 'What did the responder do?',
          description: 'Acts of 24 hours and what became of them.',
          show: 'table',
          series: { '{{action}} {{state}}': queries.acts },
          columns: { action: 'Action', state: 'Became', value: 'Times' },
          empty: 'nothing in 24 hours, or it is not seen',
          unit: 'short',
          span: 12,
          links: [{ title: 'All it did', board: 'gomeet-automation' }, incidents],
        },
        {
          id: 11,
          title: 'How many people, in how many meetings?',
          description: 'A cliff is people thrown out; a plateau at a round number is a limit.',
          show: 'lines',
          series: { people: queries.peopleOverTime, meetings: queries.roomsOverTime },
          unit: 'short',
          span: 12,
          links: [{ title: 'The SFU fleet', board: 'gomeet-sfu' }],
        },
        {
          id: 12,
          title: 'Can the world reach us?',
          description: 'The public addresses as asked from outside the services; 0 is an address that does not answer.',
          show: 'lines',
          series: { '{{service}}': queries.outside },
          unit: 'bool_yes_no',
          span: 12,
          alert: addressUnreachable,
          links: [{ title: 'The services', board: 'gomeet-application' }],
        },
        { ...sharedPanels.targetsDown, id: 13, span: 24 },
      ],
    },
  ],
});
