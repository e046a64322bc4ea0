import { defineMetrics, type Emitter } from './define.ts';

const emitter: Emitter = { kind: 'live', peer: 'livekit-server', version: '1.13.5' };

/** What every Go and Node peer says of its own process; LiveKit's CPU comes from here. */
export const processMetrics = defineMetrics({
  cpuSeconds: {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    unit: 'seconds',
    help: 'CPU time of the process, all cores together.',
    labels: [],
    emitter,
  },
  residentMemory: {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    unit: 'bytes',
    help: 'Resident memory of the process.',
    labels: [],
    emitter,
  },
  startTime: {
    name: 'process_start_time_seconds',
    type: 'gauge',
    unit: 'seconds since the epoch',
    help: 'When the process started.',
    labels: [],
    emitter,
  },
  openFds: {
    name: 'process_open_fds',
    type: 'gauge',
    unit: 'descriptors',
    help: 'Open file descriptors.',
    labels: [],
    emitter,
  },
  goMaxProcs: {
    name: 'go_sched_gomaxprocs_threads',
    type: 'gauge',
    unit: 'cores',
    help: 'Cores that a Go process may use at once; it heeds the CPU limit of its container.',
    labels: [],
    emitter,
  },
});
