import type { Mitigation } from './define.ts';
import type { Approval, Sev } from './vocabulary.ts';

/** The last step of a runbook: nothing that a machine could safely try is left. */
export const callThePersonOnCall = {
  say: 'Call the person on call.',
  action: 'escalate',
  params: {},
  approval: 'none',
} as const satisfies Mitigation;

/** Declares an incident, and says what the people who come are for. */
export function declareIncident(sev: Sev, say: string, approval: Approval = 'none'): Mitigation {
  return { say: `Declare an incident: ${say}`, action: 'openIncident', params: { sev }, approval };
}
