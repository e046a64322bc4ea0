import { formatUsd } from '../../kernel/money.ts';
import type { RoomMix } from '../../model/capacity/mixes.ts';
import {
  mostParticipants,
  nodesAtLineRate,
  type WhatIf,
  type WhatIfAnswer,
  whatIf,
} from '../../model/capacity/what-if.ts';
import { whole } from '../figures.ts';
import type { DeclaredPlatform } from './platform.ts';
import { columns } from './tables.ts';

/** The answer with what only the declared platform can say. */
export interface WhatIfReport extends WhatIfAnswer {
  readonly mix: string;
  readonly size: string;
  readonly spareNodes: number;
  readonly fullHoursPerDay: number;
  /** Most participants that the pool's maximum carries with this mix. */
  readonly poolCarriesParticipants: number;
  readonly nodesAtLineRate: number;
  readonly poolMaximum: number;
  readonly dropletLimit: number | undefined;
  readonly findings: readonly string[];
}

/** Answers the question and sets it beside the platform as declared. */
export function whatIfReport(question: WhatIf, platform: DeclaredPlatform): WhatIfReport {
  const answer = whatIf(question);
  return {
    ...answer,
    mix: question.mix.name,
    size: question.size.slug,
    spareNodes: question.spareNodes,
    fullHoursPerDay: question.fullHoursPerDay,
    poolCarriesParticipants: mostParticipants(question, platform.maxNodes),
    nodesAtLineRate: nodesAtLineRate(answer.egressBitsPerSecond, question.size.slug),
    poolMaximum: platform.maxNodes,
    dropletLimit: question.ceilings.find(({ name }) => name === 'droplet-limit')?.nodes,
    findings: platform.findings,
  };
}

/** The report with dollars in place of micro-dollars, and null for what is not known, as JSON has it. */
export function whatIfJson({ nodesMonthly, egressMonthly, ...report }: WhatIfReport): object {
  return {
    ...report,
    nodes: report.nodes ?? null,
    dropletLimit: report.dropletLimit ?? null,
    stoppedBy: report.stoppedBy ?? null,
    nodesMonthlyUsd: nodesMonthly === undefined ? null : nodesMonthly / 1_000_000,
    egressMonthlyUsd: egressMonthly / 1_000_000,
  };
}

const resourceWords = {
  cpu: 'CPU (60 % of it)',
  packets: 'packets (959,156 a second)',
  network: 'network (70 % of it)',
} as const;
const stopWords = {
  'node-size': 'no: a room of this mix is larger than a node',
  'pool-maximum': "no: the pool's maximum is too low",
  'replica-ceiling': 'no: the replica ceiling is too low',
  'droplet-limit': 'no: the droplet limit is too low',
} as const;

/** The report for people. */
export function whatIfText(report: WhatIfReport, mix: RoomMix, calibration: readonly string[]): string {
  const { nodes, stoppedBy, nodesMonthly, dropletLimit } = report;
  return columns([
    ['participants', `${whole(report.participants)} in ${whole(report.rooms)} rooms`],
    ['mix', `${mix.name}: ${mix.about}`],
    [
      'nodes',
      nodes === undefined
        ? 'none is large enough'
        : `${whole(nodes)} x ${report.size}, ${report.spareNodes} of them spare`,
    ],
    [
      'binds first on a node',
      `${resourceWords[report.bindsFirst]}, at ${whole(report.participantsPerNode)} participants a node`,
    ],
    [
      'traffic out',
      `${(report.egressBitsPerSecond / 1e9).toFixed(1)} Gbit/s; ${report.nodesAtLineRate} nodes at line rate`,
    ],
    [
      'as declared',
      stoppedBy === undefined ? `yes: the pool may have ${report.poolMaximum} nodes` : stopWords[stoppedBy],
    ],
    [
      'pool carries',
      `${whole(report.poolCarriesParticipants)} participants of this mix on ${report.poolMaximum} nodes`,
    ],
    ['too low', report.exceeded.map(({ name, nodes: most }) => `${name} ${most}`).join(', ') || 'nothing'],
    ['droplet limit', dropletLimit === undefined ? 'not known: give --droplet-limit' : whole(dropletLimit)],
    [
      'nodes a month',
      nodesMonthly === undefined ? 'not known' : `${formatUsd(nodesMonthly)}, all of them all month (672 h billed)`,
    ],
    [
      'transfer a month',
      `${formatUsd(report.egressMonthly)} for ${report.fullHoursPerDay} full hours a day, before the pooled allowance`,
    ],
    calibration,
    ...report.findings.map((finding) => ['finding', finding]),
  ]);
}
