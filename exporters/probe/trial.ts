// One trial meeting in a process of its own: see isolate.ts. What to do comes as the first message, secrets included;
// the stages and the result go back.
import { systemClock } from '../../kernel/clock.ts';
import type { IsolatedOptions } from './isolate.ts';
import { createMeetingTrial } from './source.ts';

const { promise, resolve } = Promise.withResolvers<IsolatedOptions>();
process.once('message', (options: IsolatedOptions) => resolve(options));
// Whoever asked has gone: nobody waits for the answer.
process.once('disconnect', () => process.exit(1));
const tryMeeting = createMeetingTrial({
  ...(await promise),
  clock: systemClock,
  onStage: (stage) => void process.send?.({ stage }),
});
const trial = await tryMeeting();
process.send?.({ trial }, () => process.exit(0));
