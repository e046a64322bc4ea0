import type { Mitigation } from './define.ts';

/** The last step of a runbook: nothing that a machine could safely try is left. */
export const callThePersonOnCall = {
  say: 'Call the person on call.',
  action: 'escalate',
  params: {},
  approval: 'none',
} as const satisfies Mitigation;
