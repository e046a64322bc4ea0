import { chatService } from '../../manifests/catalogue/chat-service.ts';
import type { Trouble } from '../troubles.ts';
import { type Drill, usualSetting } from './define.ts';

/** A drill of one entry of the troubleshooting: its cause is not named before it is there, and by its name once it is, and nothing is changed by looking. */
export function troubleDrill(entry: Trouble, title: string, cause: RegExp): Drill {
  const { name } = chatService;
  return {
    name: `trouble-${entry}`,
    title,
    alertname: undefined,
    setting: usualSetting,
    async play(stage) {
      const { platform } = stage;
      const look = async (what: string) => {
        const answer = await platform.ask('troubleshoot', { entry, workload: name });
        stage.check(`${what}: it may be looked at`, answer.runId !== undefined, answer.saw);
        return await stage.until(`${what}: the look is over`, 300, async () =>
          (await platform.records.runs()).find(({ id, state }) => id === answer.runId && state === 'verified'),
        );
      };
      const said = ({ change }: { change: unknown }) => JSON.stringify(change);

      const calm = await look('while all is well');
      const early = cause.exec(said(calm))?.[0];
      stage.check('this cause is not named while it is not there', early === undefined, early ?? 'it is not named');
      await platform.control.trouble(entry, name);
      stage.cause(title);
      const found = await look('with the trouble');
      stage.check('the cause is named', cause.test(said(found)), cause.exec(said(found))?.[0] ?? 'it is not named');
      const writes = await platform.peers.writes();
      stage.check('looking changed nothing', writes.length === 0, `${writes.length} writes`);
    },
  };
}
