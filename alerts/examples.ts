import { z } from 'zod';
import recorded from './examples.json' with { type: 'json' };

/** An alert's signal while one of its own scenarios goes from calm to firing, as promtool works it out; a value each step from 0, null where there is none. */
const example = z.object({
  /** Which of its silent scenarios goes before, so that one sees it rise; none where the scenario itself begins calm. */
  lead: z.number().optional(),
  stepSeconds: z.number().positive(),
  firesAtSeconds: z.number(),
  series: z.array(z.object({ labels: z.record(z.string(), z.string()), values: z.array(z.number().nullable()) })),
});
export type Example = z.infer<typeof example>;

/** By alert; `npm run examples` writes them, and the scenarios' own test holds each to what promtool says today. */
export const examples: Readonly<Record<string, Example>> = z.record(z.string(), example).parse(recorded);
