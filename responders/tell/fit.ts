import type { ChatMessage } from '../ports.ts';
import { type Block, blockLimits } from './blocks.ts';
import { cut, link } from './escape.ts';

/** A block and how dear it is: of a message that is too long, those with the highest `drop` go first; 0 stays. */
export interface Draft {
  readonly block: Block;
  readonly drop: number;
}

/** A section of mrkdwn, cut to the limit with a pointer to the console; undefined when there is nothing to say. */
export function section(
  text: string,
  consoleUrl: string | undefined,
  max: number = blockLimits.sectionText,
): Block | undefined {
  const cutText = cut(text, max, `… ${pointer(consoleUrl)}`);
  return cutText.trim() === ''
    ? undefined
    : { type: 'section', text: { type: 'mrkdwn', text: cutText, verbatim: true } };
}

/** A line of small print; elements past Slack's ten are left out. */
export function context(texts: readonly string[]): Block | undefined {
  const elements = texts
    .filter((text) => text.trim() !== '')
    .slice(0, blockLimits.contextElements)
    .map((text) => ({ type: 'mrkdwn' as const, text: cut(text, blockLimits.contextText), verbatim: true as const }));
  return elements.length === 0 ? undefined : { type: 'context', elements };
}

/** The message within Slack's limits of blocks and length; what is left out is pointed to. */
export function fit(
  message: Omit<ChatMessage, 'blocks'>,
  drafts: readonly (Draft | undefined)[],
  consoleUrl: string | undefined,
): ChatMessage {
  const notice: Block = {
    type: 'context',
    elements: [{ type: 'mrkdwn', text: `More than fits here. ${pointer(consoleUrl)}`, verbatim: true }],
  };
  let kept = drafts.filter((draft) => draft !== undefined);
  let cutAny = false;
  while (tooLong(kept, cutAny ? notice : undefined)) {
    const dearest = Math.max(...kept.map((draft) => draft.drop));
    if (dearest === 0) break;
    const at = kept.findLastIndex((draft) => draft.drop === dearest);
    kept = kept.toSpliced(at, 1);
    cutAny = true;
  }
  const blocks = kept.map((draft) => draft.block);
  const beforeButtons = blocks.findIndex((block) => block.type === 'actions');
  if (cutAny) blocks.splice(beforeButtons === -1 ? blocks.length : beforeButtons, 0, notice);
  return { ...message, text: cut(message.text, blockLimits.notification), blocks };
}

function tooLong(drafts: readonly Draft[], notice: Block | undefined): boolean {
  const blocks = [...drafts.map((draft) => draft.block), ...(notice === undefined ? [] : [notice])];
  return blocks.length > blockLimits.blocks || JSON.stringify(blocks).length > blockLimits.message;
}

function pointer(consoleUrl: string | undefined): string {
  return consoleUrl === undefined
    ? 'The rest is in the console.'
    : `The rest is in ${link(consoleUrl, 'the console')}.`;
}
