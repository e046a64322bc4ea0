import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { pinnedVersion, readStamp, toolNamed } from '../toolbox.ts';
import type { Fact } from './define.ts';

/** Where the run of real servers lies against which the simulator is checked. */
export const recordingFile = new URL('../recordings/two-nodes.json', import.meta.url);

const Recording = z.object({
  /** Version of livekit-server that played it. */
  livekitServer: z.string(),
  facts: z.array(
    z.object({
      what: z.string(),
      saw: z.union([z.string(), z.number(), z.boolean()]),
      seconds: z.number().exactOptional(),
    }),
  ),
});

/** What a recording holds. */
export type Recording = z.infer<typeof Recording>;

/** Reads the committed recording; throws when it is not one. */
export async function readRecording(file: URL = recordingFile): Promise<Recording> {
  return Recording.parse(JSON.parse(await readFile(file, 'utf8')));
}

/** Writes what was played on real servers, in place of the recording there was. */
export async function writeRecording(facts: readonly Fact[], file: URL = recordingFile): Promise<void> {
  const tool = toolNamed('livekit-server');
  const livekitServer = readStamp(tool.name)?.version ?? pinnedVersion(tool) ?? 'unknown';
  await writeFile(file, `${JSON.stringify({ livekitServer, facts }, undefined, 2)}\n`);
}
