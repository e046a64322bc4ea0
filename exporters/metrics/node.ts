import { defineMetrics, metricsOf } from './define.ts';

const { counter, gauge } = metricsOf({
  kind: 'recorded',
  peer: 'node_exporter',
  version: '1.5.0',
  source: 'test/exporters/metrics/fixtures/node-exporter-1.5.0.prom',
});
const filesystem = ['device', 'fstype', 'mountpoint'] as const;

/** What node_exporter says of a machine, recorded from a running one; the scrape adds `node`, the Kubernetes name. */
export const nodeMetrics = defineMetrics({
  cpuSeconds: counter('node_cpu_seconds_total', 'seconds', 'CPU time by mode.', ['cpu', 'mode', 'node']),
  memoryAvailable: gauge('node_memory_MemAvailable_bytes', 'bytes', 'Memory that programs can still get.', ['node']),
  memoryTotal: gauge('node_memory_MemTotal_bytes', 'bytes', 'Memory of the machine.', ['node']),
  diskFree: gauge('node_filesystem_avail_bytes', 'bytes', 'Space left for programs.', [...filesystem, 'node']),
  diskSize: gauge('node_filesystem_size_bytes', 'bytes', 'Size of a file system.', [...filesystem, 'node']),
  sent: counter('node_network_transmit_bytes_total', 'bytes', 'Bytes sent by a network interface.', ['device', 'node']),
  received: counter('node_network_receive_bytes_total', 'bytes', 'Bytes received by a network interface.', [
    'device',
    'node',
  ]),
  sendDrops: counter('node_network_transmit_drop_total', 'packets', 'Packets dropped before they were sent.', [
    'device',
    'node',
  ]),
  udpReceiveErrors: counter('node_netstat_Udp_RcvbufErrors', 'packets', 'UDP packets lost for want of buffers.', [
    'node',
  ]),
  tcpConnections: gauge(
    'node_netstat_Tcp_CurrEstab',
    'connections',
    'TCP connections that are open, of all programs.',
    ['node'],
  ),
  conntrackEntries: gauge('node_nf_conntrack_entries', 'connections', 'Connections the firewall keeps track of.', [
    'node',
  ]),
  conntrackLimit: gauge('node_nf_conntrack_entries_limit', 'connections', 'Most of these.', ['node']),
  oomKills: counter('node_vmstat_oom_kill', 'processes', 'Processes that the kernel killed for want of memory.', [
    'node',
  ]),
  clockSynced: gauge('node_timex_sync_status', 'boolean', '1 while the clock is kept right.', ['node']),
});
