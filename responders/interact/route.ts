import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { errorText } from '../../kernel/errors.ts';
import { type ClickDeps, receive } from './receive.ts';
import { verifySignature } from './verify-signature.ts';

/** Largest request taken; Slack sends the whole message along with a click. */
export const maxBodyBytes = 512 * 1024;

// A store that is slow must not cost the 3 s in which Slack wants its answer.
const seenWaitMs = 1_000;

/** `POST /slack/interactions` and `POST /slack/commands`: answered within 3 s, worked on afterwards. Forged, stale, future and replayed requests get 401 with the reason, oversized ones 413. */
export function slackRoutes(deps: ClickDeps & { signingSecret: string }): Hono {
  const app = new Hono();
  const limit = bodyLimit({
    maxSize: maxBodyBytes,
    onError: (context) => {
      deps.onProblem('oversized');
      return context.json({ error: 'oversized' }, 413);
    },
  });

  async function handle(context: Context, kind: 'interactive' | 'command'): Promise<Response> {
    const body = new Uint8Array(await context.req.arrayBuffer());
    const signature = context.req.header('x-slack-signature');
    const problem =
      verifySignature({
        signingSecret: deps.signingSecret,
        timestamp: context.req.header('x-slack-request-timestamp'),
        signature,
        body,
        nowMs: deps.clock.now(),
      }) ?? (await replayed(signature ?? ''));
    if (problem !== undefined) {
      deps.onProblem(problem);
      return context.json({ error: problem }, 401);
    }
    const fields = Object.fromEntries(new URLSearchParams(new TextDecoder().decode(body)));
    const ack = await receive(kind, kind === 'command' ? fields : parseJson(fields['payload']), deps);
    return ack === undefined ? context.body(null, 200) : context.json(ack);
  }

  /** A store that is away or slow is no reason to keep Slack waiting: the click's own key is checked again before any work. */
  async function replayed(signature: string): Promise<'replayed' | undefined> {
    const key = `signature:${createHash('sha256').update(signature).digest('base64url')}`;
    const seen = deps.seen(key).catch((error) => {
      deps.log.warn({ error: errorText(error) }, 'a signature could not be checked for replay');
      return false;
    });
    const answer = await Promise.race([seen, deps.clock.sleep(seenWaitMs)]);
    return answer === true ? 'replayed' : undefined;
  }

  app.post('/slack/interactions', limit, (context) => handle(context, 'interactive'));
  app.post('/slack/commands', limit, (context) => handle(context, 'command'));
  return app;
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
