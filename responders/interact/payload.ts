import { z } from 'zod';
import { type ButtonKind, type ButtonValue, buttonKinds, parseButtonValue } from '../tell/blocks.ts';
import { type Command, parseCommand } from './command.ts';
import { type ModalKind, type ModalRequest, ModalValues, modalKinds, readModal } from './modals.ts';

/** Who clicked, and where words for them alone go. */
export interface Clicker {
  /** `slack:TEAM/USER`, as Slack signed it. */
  readonly subject: string;
  readonly whisperTo: { readonly channel: string; readonly user: string };
  /** One per click, however often it is delivered. */
  readonly dedupKey: string;
}

/** The version of the incident that the person looked at. */
interface Seen {
  readonly publicId: string;
  readonly version: number;
}

/** What a person wants: a button, a filled-in form or a slash command. */
export type Click = Clicker &
  (
    | (Seen & { readonly kind: 'acknowledge' | 'escalate' | 'noise' | 'troubleshoot' })
    | (Seen & { readonly kind: 'approve' | 'deny'; readonly runId: string })
    | {
        readonly kind: 'open-modal';
        readonly modal: ModalKind;
        readonly button: ButtonValue | undefined;
        readonly triggerId: string;
      }
    | (Seen & Exclude<ModalRequest, { kind: 'freeze' }>)
    | { readonly kind: 'command'; readonly command: Command }
  );

/** What a payload turned out to be. */
export type Received =
  | { readonly click: Click }
  /** The form is shown again with these words beside its inputs. */
  | { readonly errors: Readonly<Record<string, string>> }
  /** Words for the person at once: the command was not understood. */
  | { readonly says: string }
  /** Nothing for us: a closed form, a link. */
  | { readonly ignored: true }
  | { readonly malformed: string };

const Id = z.string().regex(/^[A-Z0-9]{1,32}$/);
const User = z.object({ id: Id, team_id: Id.nullish() });
const Team = z.object({ id: Id }).nullish();

const BlockActions = z.object({
  type: z.literal('block_actions'),
  user: User,
  team: Team,
  trigger_id: z.string().min(1).max(255),
  channel: z.object({ id: Id }).optional(),
  container: z.object({ channel_id: Id.optional() }).optional(),
  actions: z
    .array(z.object({ action_id: z.string(), action_ts: z.string().max(64), value: z.string().max(2_000).optional() }))
    .min(1),
});

const ViewSubmission = z.object({
  type: z.literal('view_submission'),
  user: User,
  team: Team,
  view: z.object({
    id: z.string().max(64),
    callback_id: z.string(),
    private_metadata: z.string().max(3_000),
    hash: z.string().max(128).optional(),
    state: z.object({ values: ModalValues }),
  }),
});

const Other = z.object({ type: z.string() });
const ModalMetadata = z.object({ v: z.string(), c: z.string() });

const SlashCommand = z.object({
  team_id: Id,
  user_id: Id,
  channel_id: Id,
  trigger_id: z.string().min(1).max(255),
  command: z.literal('/gomeet'),
  text: z.string().max(2_000).default(''),
});

/** Reads an interaction payload; permissive about what we do not use, strict about what we do. */
export function readInteraction(payload: unknown): Received {
  const type = Other.safeParse(payload);
  if (!type.success) return { malformed: 'no type' };
  if (type.data.type === 'block_actions') return readButton(payload);
  if (type.data.type === 'view_submission') return readSubmission(payload);
  return { ignored: true };
}

function readButton(payload: unknown): Received {
  const parsed = BlockActions.safeParse(payload);
  if (!parsed.success) return { malformed: issueOf(parsed.error) };
  const { user, team, actions, trigger_id: triggerId } = parsed.data;
  const action = actions[0];
  const kind = buttonKinds.find((one) => one === action?.action_id);
  const button = parseButtonValue(action?.value ?? '');
  if (action === undefined || kind === undefined || button === undefined) return { malformed: 'unknown button' };
  const channel = parsed.data.channel?.id ?? parsed.data.container?.channel_id ?? '';
  const clicker = {
    subject: subjectOf(user, team),
    whisperTo: { channel, user: user.id },
    dedupKey: `click:${user.id}:${action.action_ts}:${triggerId}`,
  };
  return buttonClick(kind, button, clicker, triggerId);
}

function buttonClick(kind: ButtonKind, button: ButtonValue, clicker: Clicker, triggerId: string): Received {
  const seen = { publicId: button.publicId, version: button.version };
  switch (kind) {
    case 'acknowledge':
    case 'escalate':
    case 'noise':
    case 'troubleshoot':
      return { click: { ...clicker, ...seen, kind } };
    case 'approve':
    case 'deny':
      return button.runId === undefined
        ? { malformed: 'no run' }
        : { click: { ...clicker, ...seen, kind, runId: button.runId } };
    case 'scale':
    case 'restart':
    case 'silence':
    case 'openIncident':
      return { click: { ...clicker, kind: 'open-modal', modal: kind, button, triggerId } };
  }
}

function readSubmission(payload: unknown): Received {
  const parsed = ViewSubmission.safeParse(payload);
  if (!parsed.success) return { malformed: issueOf(parsed.error) };
  const { user, team, view } = parsed.data;
  const kind = modalKinds.find((one) => `gomeet-${one}` === view.callback_id);
  const metadata = readMetadata(view.private_metadata);
  if (kind === undefined || metadata === undefined) return { malformed: 'unknown form' };
  const read = readModal(kind, view.state.values);
  if ('errors' in read) return read;
  const clicker = {
    subject: subjectOf(user, team),
    whisperTo: { channel: metadata.c, user: user.id },
    dedupKey: `view:${user.id}:${view.id}`,
  };
  if (read.request.kind === 'freeze') return { click: { ...clicker, kind: 'command', command: read.request.command } };
  const button = parseButtonValue(metadata.v);
  if (button === undefined) return { malformed: 'form without an incident' };
  return { click: { ...clicker, publicId: button.publicId, version: button.version, ...read.request } };
}

/** Reads the form fields of a slash command. */
export function readCommand(fields: unknown): Received {
  const parsed = SlashCommand.safeParse(fields);
  if (!parsed.success) return { malformed: issueOf(parsed.error) };
  const { team_id, user_id, channel_id, trigger_id: triggerId, text } = parsed.data;
  const clicker = {
    subject: `slack:${team_id}/${user_id}`,
    whisperTo: { channel: channel_id, user: user_id },
    dedupKey: `command:${user_id}:${triggerId}`,
  };
  if (text.trim() === 'freeze')
    return { click: { ...clicker, kind: 'open-modal', modal: 'freeze', button: undefined, triggerId } };
  const command = parseCommand(text);
  return typeof command === 'string' ? { says: command } : { click: { ...clicker, kind: 'command', command } };
}

function subjectOf(user: z.infer<typeof User>, team: z.infer<typeof Team>): string {
  return `slack:${user.team_id ?? team?.id ?? 'T'}/${user.id}`;
}

function readMetadata(text: string): z.infer<typeof ModalMetadata> | undefined {
  try {
    return ModalMetadata.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function issueOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'invalid'}`;
}
