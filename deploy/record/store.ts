import { PortError } from '../../kernel/errors.ts';
import { startingManager } from '../kube/own.ts';
import type { Kube } from '../kube/port.ts';
import { fromRecord, recordLabel, recordName, toRecord } from './codec.ts';
import type { Run } from './run.ts';

/** Runs kept; the newest alone can be rolled back. */
const kept = 5;

/** The runs that the cluster keeps, newest first; none where there is no namespace yet. */
export async function readRuns(kube: Kube, namespace: string): Promise<readonly Run[]> {
  const records = await kube.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace }, `${recordLabel}=deploy`);
  return records.flatMap((record) => fromRecord(record) ?? []).sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/** Writes a run down. */
export async function writeRun(kube: Kube, namespace: string, run: Run): Promise<void> {
  await kube.apply(toRecord(run, namespace), { manager: startingManager, force: true });
}

/** Removes the oldest runs beyond those kept. */
export async function forgetOldRuns(kube: Kube, namespace: string): Promise<number> {
  const old = (await readRuns(kube, namespace)).slice(kept);
  for (const { id } of old) {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: recordName(id) };
    const found = await kube.get(ref);
    if (found?.metadata.uid !== undefined) await kube.remove(ref, found.metadata.uid);
  }
  return old.length;
}

/** Makes the namespace, where it is missing, so that there is a place to write to. */
export async function ensureNamespace(kube: Kube, name: string): Promise<void> {
  try {
    await kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  } catch (error) {
    if (!(error instanceof PortError && error.code === 'conflict')) throw error;
  }
}
