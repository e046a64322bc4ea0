import type { Register } from '../common/register.ts';
import { fetchTools } from './fetch-tools.ts';

/** `gomeet lab`: fetches what the lab starts, and records what real servers do. */
export const registerLab: Register = (program) => {
  const lab = program.command('lab').description('The platform to try it on');
  lab
    .command('tools [names...]')
    .description('Find, fetch or build what the lab starts: what the demo needs, --all, or those named')
    .option('--all', 'everything that tests start, in the versions pinned (many minutes of building the first time)')
    .option('--list', 'only say what is there')
    .option('--yes', 'install Debian packages without asking')
    .action(async (names: string[], options: { all?: boolean; list?: boolean; yes?: boolean }) => {
      const { tools, demoTools } = await import('../../lab/tools.ts');
      const { findTool, pinnedVersion, readStamp, toolNamed } = await import('../../lab/toolbox.ts');
      if (options.list) {
        for (const tool of tools) {
          const version = readStamp(tool.name)?.version ?? '';
          console.log(
            [
              tool.name.padEnd(24),
              (findTool(tool.name) ?? 'missing').padEnd(48),
              version.padEnd(24),
              pinnedVersion(tool) ?? '',
            ]
              .join(' ')
              .trimEnd(),
          );
        }
        return;
      }
      const wanted = options.all
        ? tools.map((tool) => tool.name)
        : names.length > 0
          ? names.map((name) => toolNamed(name).name)
          : demoTools;
      const { untilInterrupted } = await import('../../lab/until-interrupted.ts');
      await untilInterrupted(async (signal) => {
        const { yes } = options;
        for (const name of wanted) {
          const [path] = await fetchTools([name], { yes, pinned: options.all === true, signal });
          console.log(`${name.padEnd(24)} ${path}`);
        }
      });
    });
  lab
    .command('record')
    .description('Play the story of two real LiveKit nodes anew and write it down: the simulator is checked against it')
    .action(record);
};

async function record(): Promise<void> {
  const { closeParticipants } = await import('../../lab/cluster/participants.ts');
  const { realStory } = await import('../../lab/story/real.ts');
  const { recordingFile, writeRecording } = await import('../../lab/story/recording.ts');
  const { playTwoNodes } = await import('../../lab/story/two-nodes.ts');
  const { untilInterrupted } = await import('../../lab/until-interrupted.ts');
  await fetchTools(['redis-server', 'livekit-server']);
  await untilInterrupted(async (signal) => {
    await using stack = new AsyncDisposableStack();
    stack.defer(() => closeParticipants());
    const world = await realStory(stack);
    const facts = await playTwoNodes({
      ...world,
      async wait(seconds) {
        signal.throwIfAborted();
        await world.wait(seconds);
      },
    });
    for (const { what, saw, seconds } of facts)
      console.log(`${seconds === undefined ? '         ' : `${seconds.toFixed(1).padStart(6)} s `} ${what}: ${saw}`);
    await writeRecording(facts);
    console.log(`written: ${recordingFile.pathname}`);
  });
}
