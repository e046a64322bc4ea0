/** Words that stand in commands for what only the reader knows, and where it is to be found. */
export const placeholders: Readonly<Record<string, string>> = {
  SERVICE: "the alert's label `service`, or the service that an answer above names",
  NODE: "the alert's label `node`, or the machine that an answer above names",
  ADDRESS: "the alert's label `instance`",
  EPISODE: "the number in the thread's title",
  HOST: "the host in the database's connection string",
  NAME: "the alert's label `drill`",
  KEY: "the alert's labels as `secret/key`",
  CLUSTER: 'the name that `doctl kubernetes cluster list` has',
  POOL: "the machine's label `doks.digitalocean.com/node-pool`",
};

/** The placeholders in a text, in the order in which they first stand there. */
export function placeholdersIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/(?<![\w$])[A-Z]{3,}(?![\w])/g)].map(([word]) => word))].filter((word) =>
    Object.hasOwn(placeholders, word),
  );
}
