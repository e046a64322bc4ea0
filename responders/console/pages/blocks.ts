import { html } from 'hono/html';
import type { ChatMessage } from '../../ports.ts';
import { Block, type Button } from '../../tell/blocks.ts';
import { button, type FormContext } from './button.ts';
import { isLink, mrkdwn } from './mrkdwn.ts';
import type { Html } from './words.ts';

/** A message as Slack shows it: the colour bar, then its blocks. `key` names it in the page; `forms` makes its buttons live. */
export function chatMessage(message: ChatMessage, options: { key: string; forms: FormContext | undefined }): Html {
  const color = /^#[0-9a-f]{6}$/i.test(message.color) ? message.color : '#888888';
  const blocks = message.blocks.map((raw) => {
    const block = Block.safeParse(raw);
    return {
      isButtons: block.data?.type === 'actions',
      html: block.success
        ? blockHtml(block.data, options)
        : html`<p class="unknown">A part of this message cannot be shown here.</p>`,
    };
  });
  const shown = blocks.filter((block) => !block.isButtons);
  const buttons = blocks.filter((block) => block.isButtons);
  return html`<article class="message" data-key="${options.key}">
    <svg class="bar" width="4" height="100%" aria-hidden="true"><rect width="4" height="100%" rx="2" fill="${color}"/></svg>
    <div class="blocks">${shown.map((block) => block.html)}${buttons.length > 0 && html`<div class="buttons">${buttons.map((block) => block.html)}</div>`}</div>
  </article>`;
}

function blockHtml(block: Block, options: { forms: FormContext | undefined }): Html {
  switch (block.type) {
    case 'header':
      return html`<h3>${block.text.text}</h3>`;
    case 'section':
      return html`<div class="section"><div>${mrkdwn(block.text.text)}</div>${block.fields && html`<div class="fields">${block.fields.map((field) => html`<div>${mrkdwn(field.text)}</div>`)}</div>`}</div>`;
    case 'context':
      return html`<p class="context">${block.elements.map((element) => html`<span>${mrkdwn(element.text)}</span>`)}</p>`;
    case 'actions':
      return html`<div class="actions">${block.elements.map((element: Button) => button(element, options.forms, `${block.block_id}-${element.action_id}`))}</div>`;
    case 'divider':
      return html`<hr>`;
    case 'image':
      return isLink(block.image_url)
        ? html`<p class="context"><a href="${block.image_url}" rel="noreferrer">Picture: ${block.alt_text}</a></p>`
        : html`<p class="context">${block.alt_text}</p>`;
  }
}
