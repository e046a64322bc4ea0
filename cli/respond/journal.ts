import { UsageError } from '../../kernel/errors.ts';
import type { Register } from '../common/register.ts';

/** `gomeet journal`: the record, and a person's right to be taken out of it. */
export const registerJournal: Register = (program) => {
  const journal = program.command('journal').description('The append-only record');
  journal
    .command('export')
    .description('Print it as JSON lines, oldest first')
    .option('--after <id>', 'only what came after this entry', '0')
    .option('--local', 'the journal of what was done from here with --local')
    .action(exportJournal);
  journal
    .command('import <file>')
    .description('Take over what was done without the responder: a file from `gomeet journal export --local`')
    .addHelpText(
      'after',
      '\nExample: gomeet journal export --local > laptop.jsonl && gomeet journal import laptop.jsonl',
    )
    .action(importFile);
  journal
    .command('erase <subject>')
    .description('Take a person out of the record: every mention becomes `erased`')
    .option('--yes', 'it cannot be taken back')
    .action(erase);
};

const pageSize = 1_000;

async function exportJournal({ after, local }: { after: string; local?: true }): Promise<void> {
  if (!/^\d{1,18}$/.test(after)) throw new UsageError('--after: want the number of an entry');
  const [{ withStore }, { withLocalStore }, { readJournal }, { storeId }] = await Promise.all([
    import('../common/store.ts'),
    import('../common/local.ts'),
    import('../../responders/store/journal.ts'),
    import('../../responders/store/import.ts'),
  ]);
  const open = local ? withLocalStore : withStore;
  await open(async ({ database }) => {
    const mark = local ? { store: await storeId(database) } : {};
    let from = after;
    for (
      let page = await readJournal(database, { after: from, limit: pageSize });
      page.length > 0;
      page = await readJournal(database, { after: from, limit: pageSize })
    ) {
      for (const entry of page) console.log(JSON.stringify({ ...mark, ...entry }));
      from = page.at(-1)?.id ?? from;
    }
  });
}

async function importFile(path: string): Promise<void> {
  const [{ readFile }, { withStore }, { importJournal }, { errorText }] = await Promise.all([
    import('node:fs/promises'),
    import('../common/store.ts'),
    import('../../responders/store/import.ts'),
    import('../../kernel/errors.ts'),
  ]);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(errorText(error));
  });
  await withStore(async ({ database, subject }) => {
    const { imported, known } = await importJournal(database, text, subject);
    console.log(`${imported} entries taken over${known === 0 ? '' : `, ${known} were here already`}`);
  });
}

async function erase(subject: string, { yes }: { yes?: true }): Promise<void> {
  if (subject === 'responder' || subject === 'alertmanager') throw new UsageError(`${subject} is not a person`);
  if (!yes) throw new UsageError(`this cannot be taken back: --yes takes ${subject} out of the record`);
  const [{ withStore }, { erase: eraseSubject }] = await Promise.all([
    import('../common/store.ts'),
    import('../../responders/store/retention.ts'),
  ]);
  await withStore(async ({ database }) => console.log(`${await eraseSubject(database, subject)} rows changed`));
}
