import { errorText, PortError } from '../../kernel/errors.ts';
import { callText, networkError } from '../../kernel/http.ts';
import type { Outside, Visited } from '../ports.ts';
import type { Mailer } from './smtp.ts';

/** What is declared of the world outside the cluster. */
export interface OutsideOptions {
  /** Addresses as people open them. */
  readonly urls: readonly string[];
  /** Takes a notice to meeting hosts as JSON: a status page, or the product's own mailing. */
  readonly webhookUrl: string | undefined;
  /** Where it is mailed beside that. */
  readonly mail: { readonly mailer: Mailer; readonly to: readonly string[] } | undefined;
}

/** The live Outside port. A notice bears a key, by which whoever takes it knows one that comes twice. */
export function createOutside({ urls, webhookUrl, mail }: OutsideOptions): Outside {
  return {
    async open() {
      return await Promise.all(urls.map(visit));
    },
    async tellHosts({ key, text, meetings }) {
      const ways: string[] = [];
      const failed: unknown[] = [];
      const by = async (way: string, work: () => Promise<unknown>) => {
        try {
          await work();
          ways.push(way);
        } catch (error) {
          failed.push(error);
        }
      };
      if (webhookUrl !== undefined)
        await by('webhook', () =>
          callText({
            peer: 'host notice',
            url: webhookUrl,
            method: 'POST',
            headers: { 'idempotency-key': key },
            body: { key, text, meetings },
            timeoutMs: 8_000,
            secrets: [webhookUrl],
          }),
        );
      if (mail !== undefined)
        await by('mail', () => mail.mailer.send({ to: mail.to, subject: 'GoMeet: about your meetings', text, key }));
      if (ways.length === 0 && failed.length > 0) throw failed[0];
      return [...ways, ...failed.map((error) => `not by ${errorText(error)}`)];
    },
  };
}

/** Opens one address as a browser does, and does not follow where it sends. Any answer below 500 is one: people reach the platform. */
async function visit(url: string): Promise<Visited> {
  const begun = performance.now();
  try {
    const { status, body } = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(8_000) });
    await body?.cancel();
    return { url, ok: status < 500, saw: `${status} after ${Math.round(performance.now() - begun)} ms` };
  } catch (cause) {
    const error = networkError('outside', cause, 'does not answer');
    return { url, ok: false, saw: error instanceof PortError ? error.message : errorText(error) };
  }
}
