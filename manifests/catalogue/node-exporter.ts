import { defineWorkload } from './define.ts';

/** What each node says of its processors, memory, disks and network. The survey found none deployed. */
export const nodeExporter = defineWorkload({
  name: 'node-exporter',
  kind: 'DaemonSet',
  owner: 'platform',
  image: 'quay.io/prometheus/node-exporter:v1.9.1',
  args: [
    '--path.rootfs=/host',
    '--path.procfs=/host/proc',
    '--path.sysfs=/host/sys',
    '--web.listen-address=:9100',
    '--collector.filesystem.mount-points-exclude=^/(dev|proc|run/k3s/containerd|run/containerd|sys|var/lib/(docker|kubelet|containers)/.+)($|/)',
  ],
  ports: [{ name: 'metrics', port: 9100, protocol: 'TCP' }],
  probe: { path: '/', port: 9100 },
  replicas: 1,
  maxReplicas: 1,
  requests: { cpuCores: 0.1, memoryGib: 0.0625 },
  pool: undefined,
  secretKeys: [],
  clients: [{ from: 'prometheus', port: 'metrics' }],
  scaling: { kind: 'fixed', why: 'one on every node' },
  privilege: {
    why: "it reads the node's own /proc, /sys, disks and interfaces",
    hostNetwork: true,
    hostPaths: ['/'],
    user: 65_534,
  },
  restartable: false,
  sources: ['bundle'],
});
