import { unitCostRising } from '../../../alerts/catalogue/unit-cost-rising.ts';
import { proves } from '../scenario.ts';

const cost = (bound: string) => `digitalocean_cost_usd_per_hour{job="digitalocean-exporter", bound="${bound}"}`;
const people = 'gomeet_participants{job="livekit-exporter", state="active", kind="standard"}';
const firing = (times: string) => ({
  labels: { severity: 'info', owner: 'platform', service: 'digitalocean-exporter' },
  summary: 'A participant-hour costs far more than a week ago',
  description: `It costs ${times} times what it did the week before.`,
  runbook_url: 'https://runbooks.gomeet.com/UnitCostRising',
});
const hours = (days: number) => days * 24;
const week = `1000x${hours(5) - 1} 50x${hours(2) - 1}`;

export const proof = proves(unitCostRising, {
  'it fires when the same meetings cost half as much again for a week': {
    interval: '1h',
    series: {
      [cost('low')]: `10x${hours(9) - 1} _ 15x${hours(9)}`,
      [cost('high')]: `12x${hours(9) - 1} _ 18x${hours(9)}`,
      [people]: `1000x${hours(18)}`,
    },
    expect: [
      { at: '8d', firing: [] },
      // A quarter more since the twelfth hour of day 12; half a day has not agreed yet.
      { at: '306h', firing: [] },
      { at: '16d', firing: [firing('1.5')] },
    ],
  },
  'it fires when half the people pay for the same nodes': {
    interval: '1h',
    series: { [cost('high')]: `12x${hours(18)}`, [people]: `1000x${hours(9) - 1} _ 500x${hours(9)}` },
    expect: [{ at: '16d', firing: [firing('2.0')] }],
  },
  'it stays silent while a fifth more is paid': {
    interval: '1h',
    series: {
      [cost('high')]: `10x${hours(9) - 1} 12x${hours(9)}`,
      [people]: `1000x${hours(18)}`,
    },
    expect: [{ at: '16d', firing: [] }],
  },
  'it stays silent when more is paid for as many more people': {
    interval: '1h',
    series: {
      [cost('high')]: `12x${hours(9) - 1} 24x${hours(9)}`,
      [people]: `1000x${hours(9) - 1} 2000x${hours(9)}`,
    },
    expect: [{ at: '17d', firing: [] }],
  },
  'it stays silent over a weekend: it compares whole weeks': {
    interval: '1h',
    series: { [cost('high')]: `12x${hours(21)}`, [people]: `${week} ${week} ${week}` },
    expect: [
      { at: '19d', firing: [] },
      { at: '21d', firing: [] },
    ],
  },
  'it stays silent in the first week and without people: there is nothing to compare': [
    {
      interval: '1h',
      series: { [cost('high')]: `12x${hours(18)}`, [people]: `0x${hours(18)}` },
      expect: [{ at: '17d', firing: [] }],
    },
    {
      interval: '1h',
      series: { [cost('high')]: `12x${hours(6)}`, [people]: `10x${hours(6)}` },
      expect: [{ at: '6d', firing: [] }],
    },
  ],
  'it stays silent without data': { interval: '1h', series: {}, expect: [{ at: '17d', firing: [] }] },
});
