const pageSize = 500;

/** One page of a list, as every Kubernetes list answers. */
interface Page<T> {
  readonly items: readonly T[];
  readonly metadata?: { readonly _continue?: string };
}

/** All items of a list, page by page; `maxPages` bounds what is only illustration. */
export async function listAll<T>(
  list: (page: { limit: number; _continue?: string }) => Promise<Page<T>>,
  maxPages = Number.POSITIVE_INFINITY,
): Promise<readonly T[]> {
  const items: T[] = [];
  let next: string | undefined;
  let pages = 0;
  do {
    const page = await list({ limit: pageSize, ...(next === undefined ? {} : { _continue: next }) });
    items.push(...page.items);
    next = page.metadata?._continue;
    pages += 1;
  } while (next !== undefined && next !== '' && pages < maxPages);
  return items;
}
