import { applicationBoard } from './application/dashboard.ts';
import { automationBoard } from './automation/dashboard.ts';
import { costBoard } from './cost/dashboard.ts';
import type { Board } from './define.ts';
import { homeBoard } from './home/dashboard.ts';
import { infrastructureBoard } from './infrastructure/dashboard.ts';
import { meetingBoard } from './meeting/dashboard.ts';
import { overviewBoard } from './overview/dashboard.ts';
import { performanceBoard } from './performance/dashboard.ts';
import { sfuBoard } from './sfu/dashboard.ts';
import { sloBoard } from './slo/dashboard.ts';
import { systemOverviewBoard } from './system-overview/dashboard.ts';
import { webrtcBoard } from './webrtc/dashboard.ts';

/** Every board, in the order a reader meets them. */
export const boards: readonly Board[] = [
  homeBoard,
  overviewBoard,
  sfuBoard,
  meetingBoard,
  webrtcBoard,
  applicationBoard,
  infrastructureBoard,
  sloBoard,
  automationBoard,
  costBoard,
  performanceBoard,
  systemOverviewBoard,
];
