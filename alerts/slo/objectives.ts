import { apiAvailability } from './api-availability.ts';
import { apiLatency } from './api-latency.ts';
import type { Objective } from './define.ts';
import { joinSuccess } from './join-success.ts';
import { mediaQuality } from './media-quality.ts';
import { recordingSuccess } from './recording-success.ts';
import { signallingLatency } from './signalling-latency.ts';

/** Every objective. None rests on what a service only promises to say of itself. */
export const objectives: readonly Objective[] = [
  joinSuccess,
  mediaQuality,
  apiAvailability,
  apiLatency,
  signallingLatency,
  recordingSuccess,
];
