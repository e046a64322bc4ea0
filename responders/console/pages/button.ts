import { html } from 'hono/html';
import { maxStep } from '../../interact/modals.ts';
import type { Button } from '../../tell/blocks.ts';
import type { Html } from './words.ts';

/** What every form of a page carries. */
export interface FormContext {
  readonly formToken: string;
  /** Where to go back to without a script. */
  readonly back: string;
}

/** The hidden fields of every form. */
export function hidden(forms: FormContext): Html {
  return html`<input type="hidden" name="form" value="${forms.formToken}"><input type="hidden" name="back" value="${forms.back}">`;
}

const reason = html`<label>Why <input name="reason" minlength="3" maxlength="300" required placeholder="it stands in the journal"></label>`;
const length = (most: string) =>
  html`<label>For <input name="duration" value="1h" size="5" required pattern="(\\d+[smhd])+" title="30m, 2h, 1d"> <span class="quiet">at most ${most}</span></label>`;

/** What a click asks before it does anything: the inputs of Slack's modals, by the same names. */
const questions: Readonly<Record<string, () => Html>> = {
  scale: () =>
    html`<label>SFU nodes to add <input name="step" type="number" min="1" max="${maxStep}" value="1" required></label>${reason}`,
  restart: () =>
    html`<label>Service <input name="service" maxlength="63" required pattern="[a-z0-9]([\\-a-z0-9]*[a-z0-9])?"></label>${reason}`,
  silence: () => html`${length('a day')}${reason}`,
  openIncident: () =>
    html`<label>Severity <select name="sev"><option value="1">SEV 1: most people cannot meet</option><option value="2" selected>SEV 2: many are impaired</option><option value="3">SEV 3: some are impaired</option><option value="4">SEV 4: nobody notices yet</option></select></label>${reason}`,
};

/** One Block Kit button as a form, known by a `key` that stays the same while the message around it changes; what wants an answer or a confirmation unfolds first. */
export function button(element: Button, forms: FormContext | undefined, key: string): Html {
  const label = element.text.text;
  const kind = `button${element.style ? ` ${element.style}` : ''}`;
  if (forms === undefined) return html`<span class="${kind} off">${label}</span>`;
  const question = questions[element.action_id]?.();
  const fields = html`${hidden(forms)}<input type="hidden" name="kind" value="${element.action_id}"><input type="hidden" name="value" value="${element.value}">`;
  if (question === undefined && element.confirm === undefined) {
    return html`<form method="post" action="/click" data-send>${fields}<button class="${kind}" id="b-${key}">${label}</button></form>`;
  }
  return html`<details class="ask" id="d-${key}"><summary class="${kind}" id="b-${key}">${label}</summary>
    <form method="post" action="/click" data-send>${fields}
      ${element.confirm && html`<p><strong>${element.confirm.title.text}</strong><br>${element.confirm.text.text}</p>`}
      ${question}
      <button class="button ${element.style ?? 'primary'}">${element.confirm?.confirm.text ?? label.replace(/…$/, '')}</button>
    </form></details>`;
}
