import { type DatabaseStep, type DeclaredDatabase, type ObservedDatabase, planDatabase } from './plan.ts';

/** The server as its administrator sees it. */
export interface DatabaseAdmin {
  observe(declared: DeclaredDatabase): Promise<ObservedDatabase>;
  /** Carries out one step; `password` is the user's. */
  carryOut(step: DatabaseStep, declared: DeclaredDatabase, password: string): Promise<void>;
  close(): Promise<void>;
}

/** Brings the server to what is declared; what has to wait is said and no failure. Run again after a kill, it goes on. */
export async function initialiseDatabase(
  admin: DatabaseAdmin,
  declared: DeclaredDatabase,
  password: string,
  tell: (line: string) => void,
): Promise<{ readonly done: number; readonly waits: readonly string[] }> {
  const before = await admin.observe(declared);
  let done = 0;
  // Tables are only seen once the database is there: the plan of a new server is made twice.
  for (const step of planDatabase(declared, before).filter(({ on }) => on === 'server')) {
    tell(step.says);
    await admin.carryOut(step, declared, password);
    done += 1;
  }
  const waits: string[] = [];
  for (const step of planDatabase(declared, await admin.observe(declared))) {
    if (step.does.is === 'wait') waits.push(step.says);
    tell(step.says);
    await admin.carryOut(step, declared, password);
    done += step.does.is === 'wait' ? 0 : 1;
  }
  return { done, waits };
}
