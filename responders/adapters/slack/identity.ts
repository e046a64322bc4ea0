import { WebClient } from '@slack/web-api';
import { scopes } from '../../tell/app-manifest.ts';
import { slackError } from './errors.ts';

/** Who a bot token is, by auth.test. Throws a PortError, or an Error that names the scopes it lacks. */
export async function slackIdentity(options: { token: string; apiUrl: string }): Promise<string> {
  const client = new WebClient(options.token, {
    slackApiUrl: options.apiUrl,
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    timeout: 5_000,
  });
  const answer = await client.auth.test().catch((error: unknown) => {
    throw slackError('auth.test', error);
  });
  const granted = answer.response_metadata?.scopes;
  const missing = granted === undefined ? [] : Object.keys(scopes).filter((scope) => !granted.includes(scope));
  if (missing.length > 0) throw new Error(`the bot token lacks the scopes ${missing.join(', ')}`);
  return `${answer.user ?? 'a bot'} in ${answer.team ?? 'a workspace'}`;
}
