import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { put } from './create.ts';
import type { ObjectStore } from './define.ts';
import type { DrReport } from './dr-test.ts';

const prefix = 'dr-tests/';
const Record = z.object({
  begunAtMs: z.number(),
  ok: z.boolean(),
  recoveryTimeMs: z.number(),
  recoveryPointMs: z.number(),
});

/** Keeps the report of a disaster-recovery test beside the backups, where the routine finds it. */
export async function keepDrReport(store: ObjectStore, report: DrReport): Promise<void> {
  const at = new Date(report.begunAtMs).toISOString().slice(0, 19).replaceAll(':', '-');
  await put(store, `${prefix}${at}.json`, `${JSON.stringify(report)}\n`);
}

/** The newest report; undefined when there never was a test. */
export async function lastDrTest(store: ObjectStore): Promise<z.infer<typeof Record> | undefined> {
  const newest = (await store.list(prefix))
    .map(({ key }) => key)
    .sort()
    .at(-1);
  return newest === undefined ? undefined : Record.parse(JSON.parse(await text(await store.get(newest))));
}
