/** How long a test waits for what must happen. A machine under load takes ten times as long as a quiet one, and a test that passes never waits this long. */
export const patienceMs = 180_000;
