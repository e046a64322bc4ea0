import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import { type Mode, modes } from '../../alerts/vocabulary.ts';
import type { Duration } from '../../kernel/duration.ts';
import { type ClickAnswer, type ClickDesk, handleClick, type Outcome } from '../interact/click.ts';
import { maxFreezeMs, parseDuration } from '../interact/command.ts';
import { modalKinds, readModal } from '../interact/modals.ts';
import type { Click, Clicker } from '../interact/payload.ts';
import { may, type Role } from '../interact/permissions.ts';
import type { Subject } from '../records.ts';
import { buttonKinds, parseButtonValue } from '../tell/blocks.ts';
import { localPath, type SignedIn } from './auth.ts';
import { textOf } from './pages/mrkdwn.ts';
import { answerPage } from './pages/sign-in.ts';

/** A change of a control that no slash command makes. */
export type ControlChange = { readonly reason: string } & (
  | { readonly name: 'unfreeze' | 'end-live-event' | 'end-break-glass' }
  | { readonly name: 'break-glass'; readonly for: Duration }
  | { readonly name: 'mode'; readonly alertname: string; readonly mode: Mode }
);

/** What the console's forms are worked on with: what Slack's buttons are, and the remaining controls. */
export interface ConsoleDesk extends ClickDesk {
  change(change: ControlChange, subject: Subject): Promise<Outcome>;
}

/** Holding back is easy, letting loose is not; what goes past the second person is for those who could be one. */
const changeRole: Role = 'approve';
const maxBreakGlassMs = 12 * 3_600_000;

const text = z.string().trim();
const why = 'Say why, in a few words.';
const reason = text.min(3, why).max(300);
const clickForm = z.object({ kind: z.enum(buttonKinds), value: text });
const controlForm = z.discriminatedUnion('control', [
  z.object({ control: z.enum(['stop-all', 'resume', 'unfreeze', 'end-live-event', 'end-break-glass']), reason }),
  z.object({ control: z.enum(['freeze', 'live-event', 'break-glass']), reason, for: text }),
  z.object({ control: z.literal('mode'), alertname: text.regex(/^\w{1,128}$/), mode: z.enum(modes), reason }),
]);
const unknown: Answer = { ok: false, text: 'This form is not known. Reload the page.' };

interface Answer {
  readonly ok: boolean;
  /** Slack's mrkdwn. */
  readonly text: string;
}

/** `POST /click` and `POST /control`: a form in, the desk's words out, as JSON for the page's script or as a page. */
export function clickRoutes(desk: ConsoleDesk): Hono<SignedIn> {
  const app = new Hono<SignedIn>();
  const routes = [
    ['/click', onClick],
    ['/control', onControl],
  ] as const;
  for (const [path, handle] of routes) {
    app.post(path, async (c) => {
      const fields = stringsOf(await c.req.parseBody());
      const person = c.get('person');
      const answer = await handle(
        fields,
        { subject: `console:${person}`, whisperTo: { channel: 'console', user: person }, dedupKey: randomUUID() },
        desk,
      );
      const status = answer.ok ? 200 : 409;
      const wantsJson = (c.req.header('accept') ?? '').includes('application/json');
      return wantsJson
        ? c.json({ text: textOf(answer.text) }, status)
        : c.html(answerPage(answer.text, localPath(fields['back'])), status);
    });
  }
  return app;
}

async function onClick(fields: Readonly<Record<string, string>>, clicker: Clicker, desk: ConsoleDesk): Promise<Answer> {
  const form = clickForm.safeParse(fields);
  const value = form.success ? parseButtonValue(form.data.value) : undefined;
  if (!form.success || value === undefined) return unknown;
  const { kind } = form.data;
  const { publicId, version, runId } = value;
  const said = async (click: Click) => answerOf(await handleClick(click, desk));
  if (kind === 'approve' || kind === 'deny')
    return runId === undefined ? unknown : said({ ...clicker, kind, publicId, version, runId });
  if (kind === 'acknowledge' || kind === 'escalate' || kind === 'noise' || kind === 'troubleshoot')
    return said({ ...clicker, kind, publicId, version });
  const modal = modalKinds.find((one) => one === kind);
  if (modal === undefined) return unknown;
  const filled = readModal(
    modal,
    Object.fromEntries(Object.entries(fields).map(([name, given]) => [name, { [name]: { value: given } }])),
  );
  if ('errors' in filled) return { ok: false, text: Object.values(filled.errors).join(' ') };
  return filled.request.kind === 'freeze' ? unknown : said({ ...clicker, ...filled.request, publicId, version });
}

async function onControl(
  fields: Readonly<Record<string, string>>,
  clicker: Clicker,
  desk: ConsoleDesk,
): Promise<Answer> {
  const form = controlForm.safeParse(fields);
  if (!form.success)
    return form.error.issues.some((issue) => issue.message === why) ? { ok: false, text: why } : unknown;
  const given = form.data;
  const command = (asked: Extract<Click, { kind: 'command' }>['command']) =>
    handleClick({ ...clicker, kind: 'command', command: asked }, desk);
  switch (given.control) {
    case 'stop-all':
    case 'resume':
      return answerOf(await command({ name: given.control, reason: given.reason }));
    case 'freeze':
    case 'live-event': {
      const length = parseDuration(given.for, maxFreezeMs);
      return length === undefined
        ? { ok: false, text: 'For how long? Write 30m, 2h or 7d; at most 7d.' }
        : answerOf(await command({ name: given.control, for: length, reason: given.reason }));
    }
    case 'break-glass': {
      const length = parseDuration(given.for, maxBreakGlassMs);
      return length === undefined
        ? { ok: false, text: 'For how long? Write 30m or 2h; at most 12h.' }
        : change({ name: given.control, for: length, reason: given.reason }, clicker, desk);
    }
    case 'mode':
      return change(
        { name: given.control, alertname: given.alertname, mode: given.mode, reason: given.reason },
        clicker,
        desk,
      );
    default:
      return change({ name: given.control, reason: given.reason }, clicker, desk);
  }
}

async function change(wanted: ControlChange, { subject }: Clicker, desk: ConsoleDesk): Promise<Answer> {
  if (!may(desk.people, subject, changeRole))
    return { ok: false, text: `Not done: this needs the role \`${changeRole}\`.` };
  const outcome = await desk.change(wanted, subject);
  return outcome.ok
    ? { ok: true, text: outcome.says ?? 'Done; it stands in the journal.' }
    : { ok: false, text: `Not done: ${outcome.says}` };
}

function answerOf({ words, refusal }: ClickAnswer): Answer {
  return { ok: refusal === undefined, text: words ?? 'Done.' };
}

function stringsOf(body: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
