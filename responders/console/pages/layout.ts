import { html } from 'hono/html';
import { hidden } from './button.ts';
import type { Html } from './words.ts';

/** What every page of a signed-in person is made with. */
export interface PageFrame {
  readonly person: string;
  readonly formToken: string;
  /** The names one may act as, in the demo; empty when people sign in. */
  readonly actAs: readonly string[];
  readonly nowMs: number;
  /** Path and query of the page itself. */
  readonly path: string;
}

/** A whole page for someone who is signed in. */
export function page(frame: PageFrame, parts: { title: string; className: string; body: Html }): Html {
  const back = { formToken: frame.formToken, back: frame.path };
  const link = (path: string, label: string) =>
    html`<a href="${path}"${frame.path.split('?')[0] === path ? html` aria-current="page"` : ''}>${label}</a>`;
  return document(
    parts.title,
    html`<a class="skip" href="#main">To the page</a>
    <header class="top"><a class="brand" href="/">${mark()}<b>GoMeet</b> responder</a>
      <nav aria-label="Pages">${link('/', 'Now')}${link('/controls', 'Controls')}</nav>
      <span id="pulse" class="pulse" role="status">not live</span>
      ${frame.actAs.length === 0 ? signOut(frame, back) : chooser(frame, back)}</header>
    <main id="main" class="${parts.className}" data-now="${frame.nowMs}">${parts.body}</main>
    <p id="toast" class="toast" role="status" aria-live="polite" hidden></p>
    <script src="/console.js" type="module"></script>`,
  );
}

/** A page for someone who is not signed in, or an answer without a script. */
export function plainPage(title: string, body: Html): Html {
  return document(
    title,
    html`<main id="main" class="plain"><p class="brand">${mark()}<b>GoMeet</b> responder</p>${body}</main>`,
  );
}

function document(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${title} · GoMeet responder</title><link rel="stylesheet" href="/console.css"><link rel="icon" href="/icon.svg" type="image/svg+xml"></head>
<body>${body}</body></html>`;
}

function mark(): Html {
  return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3a9 9 0 1 0 9 9"/><path d="M21 5v7h-7"/></svg>`;
}

function signOut(frame: PageFrame, back: { formToken: string; back: string }): Html {
  return html`<form class="who" method="post" action="/sign-out">${hidden(back)}<span>${frame.person}</span><button class="link">Sign out</button></form>`;
}

function chooser(frame: PageFrame, back: { formToken: string; back: string }): Html {
  return html`<form class="who" method="post" action="/act-as">${hidden(back)}<span class="notice" title="No token is asked for in the demo. What is destructive needs two people: act as one, then as the other.">Demo without sign-in</span><span>act as</span>${frame.actAs.map(
    (name) =>
      html`<button name="name" value="${name}" class="chip"${name === frame.person ? html` aria-pressed="true"` : html` aria-pressed="false"`}>${name}</button>`,
  )}</form>`;
}
