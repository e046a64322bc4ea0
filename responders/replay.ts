import { z } from 'zod';
import { alertNamed } from '../alerts/index.ts';
import type { ActionName } from '../alerts/vocabulary.ts';
import { modes } from '../alerts/vocabulary.ts';
import type { MicroUsd } from '../kernel/money.ts';
import type { Declared, World } from './act/define.ts';
import { actions } from './act/index.ts';
import { approvalsFor } from './decide/approvals.ts';
import { decide } from './decide/decide.ts';
import type { Situation } from './decide/situation.ts';
import { readScenes } from './reconcile/docket.ts';
import { requestLimits } from './reconcile/policy.ts';
import { schedules } from './reconcile/schedules.ts';
import type { Episode, JournalEntry, JournalKind, Run } from './records.ts';
import type { Controls } from './store/controls.ts';
import type { Sql } from './store/database.ts';

const Scene = z.object({
  nowMs: z.number(),
  world: z.custom<World>((value) => typeof value === 'object' && value !== null),
  controls: z.custom<Omit<Controls, 'modes'>>((value) => typeof value === 'object' && value !== null),
  recent: z.array(z.custom<Run>((value) => typeof value === 'object' && value !== null)),
  holds: z.array(z.tuple([z.string(), z.number()])),
  firing: z.array(z.string()),
  declared: z.custom<Declared>((value) => typeof value === 'object' && value !== null),
  budget: z.custom<MicroUsd>((value) => typeof value === 'number'),
});

const Decision = z.object({
  atMs: z.number(),
  kind: z.enum(['would-act', 'refused', 'proposed', 'intended']),
  reason: z.string().optional(),
  action: z.enum(Object.keys(actions) as [ActionName, ...ActionName[]]),
  params: z.unknown(),
  runbook: z.string(),
  mode: z.enum(modes),
  scene: z.string(),
  recentRuns: z.number().int(),
});

/** An episode with everything that its decisions saw. */
export const Recording = z.object({
  version: z.literal(1),
  episode: z.object({
    labels: z.record(z.string(), z.string()),
    fingerprint: z.string(),
    incidentId: z.string(),
    alertname: z.string(),
  }),
  scenes: z.record(z.string(), Scene),
  decisions: z.array(Decision),
});
export type Recording = z.infer<typeof Recording>;

const decided: ReadonlySet<JournalKind> = new Set<JournalKind>(['would-act', 'refused', 'proposed', 'intended']);

/** Reads an episode's decisions with what they saw. Scenes are kept for thirty days. */
export async function recordEpisode(sql: Sql, episode: Episode, journal: readonly JournalEntry[]): Promise<Recording> {
  const lines = journal.filter(({ kind, detail }) => decided.has(kind) && typeof detail['sceneId'] === 'string');
  const ids = [...new Set(lines.map(({ detail }) => String(detail['sceneId'])))];
  const scenes = await readScenes(sql, ids);
  return Recording.parse({
    version: 1,
    episode,
    scenes: Object.fromEntries(scenes),
    decisions: lines.map(({ atMs, kind, detail }) => ({ ...detail, atMs, kind, scene: detail['sceneId'] })),
  });
}

/** One decision, then and now. */
export interface Replayed {
  readonly atMs: number;
  readonly action: ActionName;
  readonly was: string;
  readonly now: string;
  readonly same: boolean;
}

/** Puts each recorded decision before today's guards with what was seen then. */
export function replay({ episode, scenes, decisions }: Recording): readonly Replayed[] {
  return decisions.flatMap((decision) => {
    const scene = scenes[decision.scene];
    if (scene === undefined) return [];
    const was =
      decision.kind === 'refused' || decision.kind === 'would-act'
        ? (decision.reason ?? decision.kind)
        : decision.kind === 'intended'
          ? 'act'
          : 'propose';
    const judgement = decide(situationOf(decision, scene, episode));
    const now = judgement.outcome === 'refuse' ? judgement.reason : judgement.outcome;
    return [{ atMs: decision.atMs, action: decision.action, was, now, same: was === now }];
  });
}

function situationOf(
  decision: Recording['decisions'][number],
  scene: z.infer<typeof Scene>,
  episode: Recording['episode'],
): Situation {
  const alert = alertNamed(decision.runbook);
  const schedule = schedules.find(({ name }) => name === decision.runbook);
  const step = alert?.runbook.mitigation.find(({ action }) => action === decision.action);
  const action = actions[decision.action];
  return {
    action,
    params: decision.params,
    runbook: decision.runbook,
    mode: decision.mode,
    limits: alert?.limits ?? schedule?.limits ?? requestLimits,
    approvalsNeeded: approvalsFor(step?.approval ?? 'none', decision.mode, action),
    approvals: [],
    requestedBy: 'responder',
    breakGlass: false,
    silenced: false,
    self: undefined,
    world: scene.world,
    controls: { ...scene.controls, modes: new Map() },
    recent: scene.recent.slice(0, decision.recentRuns),
    budget: scene.budget,
    nowMs: scene.nowMs,
    scene: {
      occasion: { labels: episode.labels, fingerprint: episode.fingerprint, incidentId: episode.incidentId },
      declared: scene.declared,
      holds: new Map(scene.holds),
      firing: new Set(scene.firing),
      nowMs: scene.nowMs,
    },
  };
}
