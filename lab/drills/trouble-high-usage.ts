import { troubleDrill } from './troubleshooting.ts';

/** A service uses more memory than it may; the look names it. */
export const troubleHighUsage = troubleDrill(
  'high-usage',
  'a service uses more memory than it may',
  /a container of chat-service-troubled was OOMKilled/,
);
