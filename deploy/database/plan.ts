/** An index that is built without holding up writers. */
export interface DeclaredIndex {
  readonly name: string;
  readonly table: string;
  readonly column: string;
}

/** The product's database: who uses it, and the two indexes of the operations runbook. */
export interface DeclaredDatabase {
  readonly name: string;
  /** Signs in, and owns what the services make. */
  readonly user: string;
  /** Reads everything; a group without a password. */
  readonly readers: string;
  readonly indexes: readonly DeclaredIndex[];
}

/** What the server has. */
export interface ObservedDatabase {
  readonly databases: readonly string[];
  readonly roles: readonly string[];
  /** In the product's database; none while that is missing. */
  readonly tables: readonly string[];
  readonly indexes: readonly { readonly name: string; readonly valid: boolean; readonly building: boolean }[];
}

/** One thing to do; `on` is the database it is done in. */
export interface DatabaseStep {
  readonly says: string;
  readonly on: 'server' | 'product';
  readonly does:
    | { readonly is: 'create-database' }
    | { readonly is: 'create-user'; readonly name: string }
    | { readonly is: 'create-readers'; readonly name: string }
    | { readonly is: 'grant' }
    | { readonly is: 'drop-index'; readonly index: DeclaredIndex }
    | { readonly is: 'create-index'; readonly index: DeclaredIndex }
    /** Not now: something else makes it, or is at it. */
    | { readonly is: 'wait'; readonly why: string };
}

/** The declared database of the platform. */
export const productDatabase: Omit<DeclaredDatabase, 'name' | 'user'> = {
  readers: 'gomeet_readers',
  indexes: [
    { name: 'idx_meetings_created_at', table: 'meetings', column: 'created_at' },
    { name: 'idx_participants_meeting_id', table: 'participants', column: 'meeting_id' },
  ],
};

/** What is left to do; a second run of it does nothing new. An index whose build was cut short is there and unusable: it is dropped and built anew. */
export function planDatabase(declared: DeclaredDatabase, observed: ObservedDatabase): readonly DatabaseStep[] {
  const { name, user, readers, indexes } = declared;
  return [
    ...(observed.databases.includes(name)
      ? []
      : [{ says: `create database ${name}`, on: 'server' as const, does: { is: 'create-database' as const } }]),
    ...(observed.roles.includes(user)
      ? []
      : [{ says: `create user ${user}`, on: 'server' as const, does: { is: 'create-user' as const, name: user } }]),
    ...(observed.roles.includes(readers)
      ? []
      : [
          {
            says: `create group ${readers}`,
            on: 'server' as const,
            does: { is: 'create-readers' as const, name: readers },
          },
        ]),
    { says: `grant ${user} the database, ${readers} to read it`, on: 'product', does: { is: 'grant' } },
    ...indexes.flatMap((index) => indexSteps(index, observed)),
  ];
}

function indexSteps(index: DeclaredIndex, { tables, indexes }: ObservedDatabase): readonly DatabaseStep[] {
  const standing = indexes.find(({ name }) => name === index.name);
  const says = `index ${index.name} on ${index.table} (${index.column})`;
  const wait = (why: string): DatabaseStep => ({ says: `${says}: ${why}`, on: 'product', does: { is: 'wait', why } });
  if (standing?.valid) return [];
  if (standing?.building) return [wait('is being built by somebody else')];
  if (!tables.includes(index.table))
    return [wait(`table ${index.table} is not there yet; the services make it, run phase 5 again then`)];
  return [
    ...(standing === undefined
      ? []
      : [
          {
            says: `drop what an interrupted build left of ${index.name}`,
            on: 'product' as const,
            does: { is: 'drop-index' as const, index },
          },
        ]),
    { says: `build ${says} beside writers`, on: 'product', does: { is: 'create-index', index } },
  ];
}
