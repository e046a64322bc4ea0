import type { ChatBlock, ChatMessage } from '../../ports.ts';

/** A message as Slack takes it: header and lead above, the rest beside the colour bar, since only attachments have one. */
export interface WireMessage {
  readonly text: string;
  readonly blocks: readonly ChatBlock[];
  readonly attachments: readonly {
    readonly color: string;
    readonly fallback: string;
    readonly blocks: readonly ChatBlock[];
  }[];
}

/** Makes the wire form of a message. */
export function wire(message: ChatMessage): WireMessage {
  const above = message.blocks[0]?.type === 'header' ? 2 : 0;
  const beside = message.blocks.slice(above);
  return {
    text: message.text,
    blocks: message.blocks.slice(0, above),
    attachments: beside.length === 0 ? [] : [{ color: message.color, fallback: message.text, blocks: beside }],
  };
}
