import { z } from 'zod';
import { humanMs } from '../../kernel/duration.ts';
import { affected, impact, Nothing } from './outage-steps.ts';
import type { StepKind } from './procedure.ts';

/** The platform's addresses as people open them, from where the responder runs. */
export const outside: StepKind<Nothing> = {
  input: Nothing,
  async run(_input, { ports }) {
    const seen = await ports.outside.open();
    const away = seen.filter(({ ok }) => !ok);
    return {
      done:
        seen.length === 0
          ? 'unknown: no public address is declared'
          : away.length === 0
            ? `people reach ${seen.map(({ url }) => new URL(url).host).join(', ')}`
            : `from outside: ${away.map(({ url, saw }) => `${new URL(url).host} ${saw}`).join(', ')}`,
      result: { table: { columns: ['address', 'answer'], rows: seen.map(({ url, saw }) => [url, saw]) } },
    };
  },
};

const Notice = z.object({ send: z.boolean() }).strict();
const notice = (meetings: number | undefined) =>
  `We had trouble with meetings today. It is over${meetings === undefined ? '' : `; ${meetings} meetings run now`}. If yours was cut, please start it again with the same link.`;

/** The notice for the hosts of meetings: a draft, or sent by the ways that are declared. */
export const hosts: StepKind<z.infer<typeof Notice>> = {
  input: Notice,
  async run({ send }, { ports, id }) {
    // A notice must not wait for a count: from a laptop the fleet may be out of reach.
    const meetings = await ports.fleet.read().then(
      ({ rooms }) => rooms.length,
      () => undefined,
    );
    const text = notice(meetings);
    const whom = meetings === undefined ? 'the hosts' : `the hosts of ${meetings} meetings`;
    if (!send)
      return {
        done: `a notice for ${whom}, sent to nobody`,
        result: { lines: ['Once a person has read it, gomeet outage recover --notify-hosts sends it:', `"${text}"`] },
      };
    const ways = await ports.outside.tellHosts({ key: id, text, ...(meetings === undefined ? {} : { meetings }) });
    return ways.length === 0
      ? { failed: 'no way to the hosts is declared: set HOST_NOTICE_WEBHOOK_URL, or HOST_NOTICE_EMAILS and SMTP_URL' }
      : { done: `sent to ${whom}: ${ways.join(', ')}`, result: { lines: [`"${text}"`] } };
  },
};

const Every = z.object({ everyMs: z.number().positive() }).strict();
const over = 'over: ';

/** What to tell people each quarter of an hour. Once every service has its pods and people reach the platform, the rest is short. */
export const update: StepKind<z.infer<typeof Every>> = {
  input: Every,
  async run({ everyMs }, context) {
    const { nowMs, begunAtMs, earlier } = context;
    if (earlier.at(-1)?.saw?.startsWith(over)) return { done: earlier.at(-1)?.saw ?? over };
    const leftMs = begunAtMs + everyMs - nowMs;
    if (leftMs > 0) return { wait: `the next update is due in ${humanMs(leftMs)}` };
    const said: string[] = [];
    for (const kind of [affected, outside, impact])
      try {
        const answer = await kind.run({}, context);
        said.push('done' in answer ? answer.done : 'wait' in answer ? answer.wait : answer.failed);
      } catch (error) {
        said.push(`not known: ${error instanceof Error ? error.message : String(error)}`);
      }
    const well = said[0] === 'every service has its pods' && said[1]?.startsWith('people reach') === true;
    return { done: `${well ? over : ''}${said.join('; ')}` };
  },
};
