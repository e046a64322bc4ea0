import { z } from 'zod';
import { usd } from '../../kernel/money.ts';
import {
  backups,
  cost,
  drTest,
  firing,
  highest,
  images,
  rollouts,
  scaling,
  told,
  tolerant,
  warnings,
} from '../routine/looks.ts';
import { routines } from '../routine/routines.ts';
import { healthRules, healthStep } from './check-health.ts';
import { touchesNothing } from './define.ts';
import { defineProcedure } from './procedure.ts';

const names = [
  'morning',
  'shift-handover',
  'backup-verification',
  'security-updates',
  'performance-review',
  'capacity-planning',
  'disaster-recovery-test',
] as const satisfies readonly (keyof typeof routines)[];

/** Works through a routine of the operations runbook and tells what it saw. Changes nothing; what cannot be looked at is unknown and holds nothing up. */
export const runRoutine = defineProcedure({
  name: 'runRoutine',
  title: 'Routine',
  params: z.object({ routine: z.enum(names) }).strict(),
  needs: [],
  reach: 'reading',
  destructive: false,
  reversal: 'none',
  waitsFor: [],
  rbac: [...healthRules, { apiGroups: [''], resources: ['events'], verbs: ['list'] }],
  kinds: {
    health: tolerant(healthStep),
    highest: tolerant(highest),
    rollouts: tolerant(rollouts),
    firing: tolerant(firing),
    cost: tolerant(cost),
    warnings: tolerant(warnings),
    images: tolerant(images),
    scaling: tolerant(scaling),
    told,
    backups: tolerant(backups),
    drTest: tolerant(drTest),
  },
  preflight: ({ routine }) => ({
    target: `routine/${routine}`,
    steps: routines[routine].steps,
    says: routines[routine].title,
    touches: touchesNothing,
    costPerHour: usd(0),
  }),
});
