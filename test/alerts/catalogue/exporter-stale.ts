import { exporterStale } from '../../../alerts/catalogue/exporter-stale.ts';
import { type Firing, proves } from '../scenario.ts';

const of = (exporter: string, source: string) => `{job="livekit-exporter", instance="${exporter}", source="${source}"}`;
const age = (exporter: string, source: string) => `gomeet_exporter_source_age_seconds${of(exporter, source)}`;
const sourceUp = (exporter: string, source: string) => `gomeet_exporter_source_up${of(exporter, source)}`;
const up = (exporter: string) => `up{job="livekit-exporter", instance="${exporter}"}`;
const stale = (source: string): Firing => ({
  labels: { severity: 'warning', owner: 'media', service: 'livekit-exporter', source },
  summary: 'The LiveKit exporter no longer sees the platform',
  description: `Source ${source} has not answered for minutes: rooms and nodes are not watched.`,
  runbook_url: 'https://runbooks.gomeet.com/ExporterStale',
});

export const proof = proves(exporterStale, {
  'it fires when a source has not answered any exporter for long, for that source only': {
    series: {
      [up('e1')]: '1x60',
      [age('e1', 'redis')]: '5x4 15+15x40',
      [age('e1', 'room_service')]: '5x60',
    },
    expect: [
      { at: '3m45s', firing: [] },
      { at: '4m30s', firing: [stale('redis')] },
    ],
  },
  'it knows how old is too old: a little older fires, a little younger does not': [
    { series: { [up('e1')]: '1x60', [age('e1', 'redis')]: '65x60' }, expect: [{ at: '5m', firing: [stale('redis')] }] },
    { series: { [up('e1')]: '1x60', [age('e1', 'redis')]: '55x60' }, expect: [{ at: '9m', firing: [] }] },
  ],
  'it fires for a source that has never answered and so has no age': {
    series: { [up('e1')]: '1x60', [sourceUp('e1', 'redis')]: '0x60' },
    expect: [{ at: '5m', firing: [stale('redis')] }],
  },
  'it fires without data: no exporter answers, or none is configured': [
    {
      series: {},
      expect: [
        { at: '1m45s', firing: [] },
        { at: '2m15s', firing: [stale('exporter')] },
      ],
    },
    {
      series: { [up('e1')]: '1x4 0x60', [up('e2')]: '0x60' },
      expect: [
        { at: '2m45s', firing: [] },
        { at: '3m15s', firing: [stale('exporter')] },
      ],
    },
  ],
  'it stays silent while scrapes fail for less than two minutes, as when an exporter is replaced': {
    series: { [up('e1')]: '1x4 0x6 1x40' },
    expect: [
      { at: '2m45s', firing: [] },
      { at: '9m', firing: [] },
    ],
  },
  'it stays silent while one of two exporters still sees everything': {
    series: {
      [up('e1')]: '0x60',
      [up('e2')]: '1x60',
      [age('e1', 'redis')]: '0+15x60',
      [age('e2', 'redis')]: '5x60',
      [sourceUp('e1', 'redis')]: '0x60',
      [sourceUp('e2', 'redis')]: '1x60',
    },
    expect: [{ at: '9m', firing: [] }],
  },
  'it stays silent when no webhook comes: no meeting, no webhook': {
    series: {
      [up('e1')]: '1x60',
      [age('e1', 'webhooks')]: '0+15x60',
      [sourceUp('e1', 'webhooks')]: '0x60',
      [age('e1', 'redis')]: '5x60',
    },
    expect: [{ at: '9m', firing: [] }],
  },
});
