import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { PortError, type PortErrorCode, portErrorFromStatus } from '../../../kernel/errors.ts';
import { networkError } from '../../../kernel/http.ts';

const codes: Readonly<Record<string, PortErrorCode>> = {
  ratelimited: 'throttled',
  rate_limited: 'throttled',
  message_limit_exceeded: 'throttled',
  invalid_auth: 'unauthorized',
  not_authed: 'unauthorized',
  token_revoked: 'unauthorized',
  token_expired: 'unauthorized',
  account_inactive: 'unauthorized',
  missing_scope: 'forbidden',
  not_in_channel: 'forbidden',
  restricted_action: 'forbidden',
  no_permission: 'forbidden',
  ekm_access_denied: 'forbidden',
  channel_not_found: 'not-found',
  message_not_found: 'not-found',
  thread_not_found: 'not-found',
  is_archived: 'not-found',
  fatal_error: 'unavailable',
  internal_error: 'unavailable',
  service_unavailable: 'unavailable',
  request_timeout: 'timeout',
};

/** A Slack failure as a PortError. Its text is the method and Slack's error word: never a body, a header or the token. */
export function slackError(method: string, error: unknown): PortError {
  if (error instanceof PortError) return error;
  if (error instanceof WebAPIRateLimitedError) {
    return new PortError('slack', 'throttled', `${method}: asked to slow down`, {
      retryAfterMs: error.retryAfter * 1_000,
    });
  }
  if (error instanceof WebAPIPlatformError) {
    // A proxy's page arrives here as Slack's error word: only a word is taken for one.
    const word = /^[a-z_]{1,64}$/.test(error.data.error) ? error.data.error : undefined;
    return new PortError(
      'slack',
      word === undefined ? 'unavailable' : (codes[word] ?? 'invalid'),
      `${method}: ${word ?? 'the answer is not JSON'}`,
    );
  }
  if (error instanceof WebAPIHTTPError)
    return portErrorFromStatus('slack', error.statusCode, `${method}: HTTP ${error.statusCode}`);
  if (error instanceof WebAPIRequestError) return networkError('slack', error.original, `${method}: cannot be reached`);
  if (error instanceof Error && error.name === 'ZodError')
    return new PortError('slack', 'invalid', `${method}: unexpected answer`);
  return networkError('slack', error, `${method}: failed`);
}
