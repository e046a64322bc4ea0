/** Something that a seed document asks for: a heading, a command of a shell block, or another block as a whole. */
export interface SeedItem {
  readonly kind: 'heading' | 'command' | 'block';
  /** The heading it stands under, or itself. */
  readonly under: string;
  readonly text: string;
}

/** Headings and commands of a Markdown document, in its order; comments in shell blocks are titles of what follows and are left out. */
export function extractItems(markdown: string): readonly SeedItem[] {
  const items: SeedItem[] = [];
  let under = '';
  let fence: { language: string; lines: string[] } | undefined;
  for (const line of markdown.split('\n')) {
    const mark = /^\s*```(\w*)/.exec(line);
    if (mark !== null) {
      if (fence === undefined) fence = { language: mark[1] ?? '', lines: [] };
      else {
        items.push(...blockItems(fence, under));
        fence = undefined;
      }
    } else if (fence !== undefined) fence.lines.push(line);
    else if (/^#{1,6} /.test(line)) {
      under = plain(line.replace(/^#+ /, ''));
      items.push({ kind: 'heading', under, text: under });
    }
  }
  return items;
}

function blockItems(
  { language, lines }: { language: string; lines: readonly string[] },
  under: string,
): readonly SeedItem[] {
  if (language === 'bash') return commands(lines).map((text) => ({ kind: 'command', under, text }));
  const name = lines
    .map((line) => /^\s*(?:kind|"title"|name):\s*"?([\w -]+)/.exec(line)?.[1])
    .find((found) => found !== undefined);
  return [
    {
      kind: 'block',
      under,
      text: `${language} ${name ?? lines.find((line) => line.trim() !== '')?.trim() ?? ''}`.trim(),
    },
  ];
}

/** Lines that belong together as one command: continued by a backslash, in an open quote or a here-document. */
function commands(lines: readonly string[]): readonly string[] {
  const found: string[] = [];
  let open = '';
  let ending: string | undefined;
  for (const line of lines) {
    if (open === '' && (line.trim() === '' || line.trim().startsWith('#'))) continue;
    open = open === '' ? line.trim() : `${open} ${line.trim()}`;
    ending ??= /<<\s*'?(\w+)/.exec(line)?.[1];
    if (ending !== undefined && line.trim() !== ending) continue;
    if (ending === undefined && (open.endsWith('\\') || (open.match(/'/g)?.length ?? 0) % 2 === 1)) {
      open = open.replace(/\\$/, '').trim();
      continue;
    }
    found.push(open.replace(/\s+/g, ' ').slice(0, 200));
    open = '';
    ending = undefined;
  }
  return found;
}

/** Without emoji and what a wrong character set has made of them. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, '').trim();
}
