import { z } from 'zod';

/** Block Kit's limits in characters and counts (docs.slack.dev/reference/block-kit); `message` stays below the undocumented total of about 13,200 (bolt-js issue 2509). */
export const blockLimits = {
  blocks: 50,
  sectionText: 3_000,
  fields: 10,
  fieldText: 2_000,
  headerText: 150,
  contextElements: 10,
  contextText: 2_000,
  actionElements: 25,
  buttonText: 75,
  value: 2_000,
  id: 255,
  url: 3_000,
  altText: 2_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  notification: 300,
  message: 12_000,
} as const;

const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(max), verbatim: z.literal(true) });
const plainText = (max: number) => z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(max) });
const id = z.string().min(1).max(blockLimits.id);

const Confirm = z.strictObject({
  title: plainText(blockLimits.confirmTitle),
  text: plainText(blockLimits.confirmText),
  confirm: plainText(blockLimits.confirmButton),
  deny: plainText(blockLimits.confirmButton),
});

const Button = z.strictObject({
  type: z.literal('button'),
  /** What a click means: a `ButtonKind`. */
  action_id: id,
  text: plainText(blockLimits.buttonText),
  /** `publicId:version[:runId]`. */
  value: z.string().max(blockLimits.value),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: Confirm.optional(),
});

const Header = z.strictObject({ type: z.literal('header'), text: plainText(blockLimits.headerText) });
const Section = z.strictObject({
  type: z.literal('section'),
  text: mrkdwn(blockLimits.sectionText),
  fields: z.array(mrkdwn(blockLimits.fieldText)).min(1).max(blockLimits.fields).optional(),
});
const Context = z.strictObject({
  type: z.literal('context'),
  elements: z.array(mrkdwn(blockLimits.contextText)).min(1).max(blockLimits.contextElements),
});
const Actions = z.strictObject({
  type: z.literal('actions'),
  block_id: id,
  elements: z.array(Button).min(1).max(blockLimits.actionElements),
});
const Divider = z.strictObject({ type: z.literal('divider') });
const Image = z.strictObject({
  type: z.literal('image'),
  image_url: z.url().max(blockLimits.url),
  alt_text: z.string().min(1).max(blockLimits.altText),
});

/** The part of Block Kit that the bundle uses, limits included: what Slack gets and the console draws. */
export const Block = z.discriminatedUnion('type', [Header, Section, Context, Actions, Divider, Image]);
export type Block = z.infer<typeof Block>;
export type Button = z.infer<typeof Button>;

/** What a button does; its `action_id`. */
export const buttonKinds = [
  'acknowledge',
  'approve',
  'deny',
  'scale',
  'restart',
  'troubleshoot',
  'silence',
  'openIncident',
  'escalate',
  'noise',
] as const;
export type ButtonKind = (typeof buttonKinds)[number];

/** What a click names: the incident by its opaque id, the version of it that the person saw, and the run for Approve and Deny. */
export interface ButtonValue {
  readonly publicId: string;
  readonly version: number;
  readonly runId: string | undefined;
}

/** The `value` of a button. */
export function buttonValue(value: ButtonValue): string {
  return [value.publicId, value.version, ...(value.runId === undefined ? [] : [value.runId])].join(':');
}

/** Reads a button's `value`; undefined for anything that we did not write. */
export function parseButtonValue(text: string): ButtonValue | undefined {
  const match = /^([\w-]{1,128}):(\d{1,15})(?::([\w-]{1,128}))?$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { publicId: match[1], version: Number(match[2]), runId: match[3] };
}
