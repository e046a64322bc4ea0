import { html } from 'hono/html';
import { plainPage } from './layout.ts';
import { mrkdwn } from './mrkdwn.ts';
import type { Html } from './words.ts';

/** The sign-in page; `failed` after a wrong token. */
export function signInPage(to: string, failed: boolean): Html {
  return plainPage(
    'Sign in',
    html`<form method="post" action="/sign-in" class="panel"><h1>Sign in</h1>
      ${failed && html`<p class="loud" role="alert">This token is not known.</p>`}
      <input type="hidden" name="to" value="${to}">
      <label>Your console token <input name="token" type="password" autocomplete="current-password" required autofocus></label>
      <button class="button primary">Sign in</button>
      <p class="quiet">Tokens are named in <code>CONSOLE_TOKENS</code>. What you do here is journalled under your name.</p></form>`,
  );
}

/** What a click came to, in Slack's mrkdwn, for a browser without a script. */
export function answerPage(text: string, back: string): Html {
  return plainPage(
    'Answer',
    html`<div class="panel"><p role="status">${mrkdwn(text)}</p><p><a class="button" href="${back}">Back</a></p></div>`,
  );
}
