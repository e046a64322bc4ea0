/** How one line of a checklist came out. `unknown`: nobody could look, which is never taken for good. */
export interface Finding {
  readonly check: string;
  readonly verdict: 'ok' | 'failed' | 'unknown';
  readonly says: string;
  /** What to do about it; empty where nothing is to be done. */
  readonly todo: string;
}

/** One line of one of the README's checklists. */
export interface Check {
  readonly check: string;
  /** Throws where it cannot look: that is `unknown`. */
  readonly look: () => Promise<Omit<Finding, 'check'>>;
}

/** Runs checks side by side; none throws. */
export async function runChecks(checks: readonly Check[]): Promise<readonly Finding[]> {
  return await Promise.all(
    checks.map(async ({ check, look }): Promise<Finding> => {
      try {
        return { check, ...(await look()) };
      } catch (error) {
        const says = error instanceof Error ? error.message : String(error);
        return { check, verdict: 'unknown', says, todo: 'make it possible to look, then run the check again' };
      }
    }),
  );
}

/** Shorthands for what a check returns. */
export const ok = (says: string): Omit<Finding, 'check'> => ({ verdict: 'ok', says, todo: '' });
export const failed = (says: string, todo: string): Omit<Finding, 'check'> => ({ verdict: 'failed', says, todo });
export const unknown = (says: string, todo: string): Omit<Finding, 'check'> => ({ verdict: 'unknown', says, todo });
