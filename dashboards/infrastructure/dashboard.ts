import { apiQuotaLow } from '../../alerts/catalogue/api-quota-low.ts';
import { dropletLimitNear } from '../../alerts/catalogue/droplet-limit-near.ts';
import { loadBalancerConnectionsHigh } from '../../alerts/catalogue/load-balancer-connections-high.ts';
import { loadBalancerDown } from '../../alerts/catalogue/load-balancer-down.ts';
import { managedDatabaseOffline } from '../../alerts/catalogue/managed-database-offline.ts';
import { postgresConnectionsHigh } from '../../alerts/catalogue/postgres-connections-high.ts';
import { replicationLagHigh } from '../../alerts/catalogue/replication-lag-high.ts';
import { valkeyEvicting } from '../../alerts/catalogue/valkey-evicting.ts';
import { valkeyMemoryHigh } from '../../alerts/catalogue/valkey-memory-high.ts';
import { volumeAlmostFull } from '../../alerts/catalogue/volume-almost-full.ts';
import { defineBoard, type Link } from '../define.ts';
import { sharedPanels } from '../shared.ts';
import { lineLimit, watchedBy } from '../watched.ts';
import { infrastructureQueries as queries } from './queries.ts';

const money: Link = { title: 'What it costs', board: 'gomeet-cost' };

/** DigitalOcean resource usage (deployment README): what is rented, how full it is, and which limit comes first. */
export const infrastructureBoard = defineBoard({
  uid: 'gomeet-infrastructure',
  title: 'Infrastructure',
  folder: 'GoMeet details',
  source: 'infrastructure',
  question: 'Is what we rent up, and which limit comes first?',
  span: '6h',
  variables: [],
  queries,
  rows: [
    {
      title: 'Is what we rent up, and which limit comes first?',
      panels: [
        {
          id: 1,
          title: 'Droplets of the limit?',
          description: 'Share of the Droplets that the account may have: at the end no node pool grows.',
          show: 'stat',
          series: { used: queries.droplets },
          unit: 'percentunit',
          span: 4,
          alert: dropletLimitNear,
          links: [money],
        },
        {
          id: 2,
          title: 'Droplets that are down?',
          description: 'As DigitalOcean says.',
          show: 'stat',
          series: { down: queries.dropletsDown },
          unit: 'short',
          span: 4,
          limit: { at: 0, direction: 'above', from: 'a Droplet that is paid for should run' },
        },
        {
          id: 3,
          title: 'Are the databases up?',
          description: 'Managed PostgreSQL and Valkey, as DigitalOcean says.',
          show: 'stat',
          series: { databases: queries.databases },
          unit: 'bool_yes_no',
          span: 4,
          alert: managedDatabaseOffline,
        },
        {
          id: 4,
          title: 'Are the load balancers?',
          description: 'As DigitalOcean says.',
          show: 'stat',
          series: { balancers: queries.balancers },
          unit: 'bool_yes_no',
          span: 4,
          alert: loadBalancerDown,
        },
        {
          id: 5,
          title: 'What is left of the API quota?',
          description: 'Share of the calls an hour; the responder needs some to act.',
          show: 'stat',
          series: { left: queries.apiLeft },
          unit: 'percentunit',
          span: 4,
          alert: apiQuotaLow,
        },
        {
          id: 6,
          title: 'Next certificate to end?',
          description: 'Time left of the one that ends first.',
          show: 'stat',
          series: { left: queries.certificate },
          unit: 's',
          span: 4,
          alert: watchedBy('CertificateExpires'),
        },
      ],
    },
    {
      title: 'What of DigitalOcean is near its end?',
      panels: [
        {
          id: 7,
          title: 'Which node pool can still grow?',
          description: 'Nodes against the most that the pool may have.',
          show: 'lines',
          series: { '{{pool}}': queries.poolRoom },
          unit: 'percentunit',
          span: 6,
          limit: { at: 0.999, direction: 'above', from: 'at its maximum it cannot' },
          links: [money],
        },
        {
          id: 8,
          title: 'How many nodes are there?',
          description: 'By pool.',
          show: 'stack',
          series: { '{{pool}}': queries.poolNodes },
          unit: 'short',
          span: 6,
          links: [money],
        },
        {
          id: 9,
          title: 'How full are the load balancers?',
          description: 'Connections of each against its limit.',
          show: 'lines',
          series: { '{{name}}': queries.balancerConnections },
          unit: 'percentunit',
          span: 6,
          alert: loadBalancerConnectionsHigh,
        },
        {
          id: 22,
          title: 'Does the transfer pool last?',
          description: "The month's traffic so far, and as projected, against what is paid for.",
          show: 'lines',
          series: { 'so far': queries.transfer, 'at the end': queries.transferProjected },
          unit: 'percentunit',
          span: 6,
          limit: { at: 1, direction: 'above', from: 'above it every GiB is paid for' },
          links: [money],
        },
      ],
    },
    {
      title: 'Which machine is in trouble?',
      panels: [
        { ...sharedPanels.machineCpu, id: 10, span: 8, links: [] },
        { ...sharedPanels.machineMemory, id: 11, span: 8, links: [] },
        {
          id: 12,
          title: 'Where does room on disks end?',
          description: 'Share that is free, of machines and of volumes.',
          show: 'lines',
          series: { '{{node}} {{mountpoint}}': queries.disk, '{{persistentvolumeclaim}}': queries.volumes },
          unit: 'percentunit',
          span: 8,
          alert: volumeAlmostFull,
        },
        {
          id: 13,
          title: 'Which network card is near its end?',
          description: 'Sent by node, without what stays inside; a Droplet has 2 Gbit/s, a premium one 10.',
          show: 'lines',
          series: { '{{node}}': queries.sent },
          unit: 'bps',
          limit: lineLimit,
          span: 8,
        },
        {
          id: 14,
          title: 'Does the network drop packets?',
          description: 'Dropped before they were sent, or lost for want of buffers: media first.',
          show: 'lines',
          series: { '{{node}}': queries.dropped },
          unit: 'pps',
          span: 8,
        },
        {
          id: 15,
          title: 'Is the connection table full?',
          description: 'Connections that the firewall keeps track of, against the most.',
          show: 'lines',
          series: { '{{node}}': queries.conntrack },
          unit: 'percentunit',
          span: 8,
          limit: { at: 0.9, direction: 'above', from: 'at its end new connections are dropped' },
        },
      ],
    },
    {
      title: 'Do the databases keep up?',
      panels: [
        {
          id: 16,
          title: 'Are connections running out?',
          description: 'Of PostgreSQL and of PgBouncer, each against its limit.',
          show: 'lines',
          series: { PostgreSQL: queries.connections, PgBouncer: queries.poolerConnections },
          unit: 'percentunit',
          span: 8,
          alert: postgresConnectionsHigh,
        },
        {
          id: 17,
          title: 'Does anybody wait for one?',
          description: 'Clients that wait for a connection, by database.',
          show: 'lines',
          series: { '{{database}}': queries.waiting },
          unit: 'short',
          span: 8,
        },
        {
          id: 18,
          title: 'How far behind is a replica?',
          description: 'Write-ahead log that it has not taken yet.',
          show: 'lines',
          series: { '{{application_name}}': queries.replica },
          unit: 'bytes',
          alert: replicationLagHigh,
          span: 8,
        },
        {
          id: 19,
          title: 'How full is Valkey?',
          description:
            "LiveKit's room map is in it: full, with an eviction policy, it splits meetings. Empty when no limit is set.",
          show: 'lines',
          series: { '{{instance}}': queries.valkey },
          unit: 'percentunit',
          span: 8,
          alert: valkeyMemoryHigh,
        },
        {
          id: 20,
          title: 'Does Valkey throw things away?',
          description: 'Keys evicted and connections refused, each second: any is too many.',
          show: 'lines',
          series: { evicted: queries.evictions, refused: queries.rejections },
          unit: 'ops',
          alert: valkeyEvicting,
          span: 8,
        },
        {
          id: 21,
          title: 'Do names resolve, and do transactions hold?',
          description: 'Answers of DNS by code, and transactions rolled back by database.',
          show: 'lines',
          series: { 'DNS {{rcode}}': queries.dns, 'rolled back {{datname}}': queries.rollbacks },
          unit: 'ops',
          span: 8,
        },
      ],
    },
  ],
});
