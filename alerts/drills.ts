import { z } from 'zod';
import recorded from './drills.json' with { type: 'json' };

/** When a drill last passed, on which platform, and the alert whose life it plays. */
const passedDrill = z.object({
  alertname: z.string().optional(),
  cluster: z.enum(['simulated', 'real']),
  passedAt: z.iso.datetime(),
});
export type PassedDrill = z.infer<typeof passedDrill>;

/** The record that `gomeet drill --record` keeps in drills.json, by the drill's name; it is committed, so that a review sees what was tried. */
export const passedDrills: Readonly<Record<string, PassedDrill>> = z.record(z.string(), passedDrill).parse(recorded);

/** The drills that play an alert and have passed, the latest first. */
export function drillsOf(
  alertname: string,
  among: Readonly<Record<string, PassedDrill>> = passedDrills,
): readonly (PassedDrill & { readonly drill: string })[] {
  return Object.entries(among)
    .filter(([, passed]) => passed.alertname === alertname)
    .map(([drill, passed]) => ({ drill, ...passed }))
    .sort((one, other) => other.passedAt.localeCompare(one.passedAt));
}
