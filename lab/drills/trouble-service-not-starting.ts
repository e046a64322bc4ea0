import { troubleDrill } from './troubleshooting.ts';

/** A service does not start since its image is not there; the look names it. */
export const troubleServiceNotStarting = troubleDrill(
  'service-not-starting',
  'a service does not start since its image is not there',
  /cannot get registry.example.chat-service:v9: manifest for v9 is unknown/,
);
