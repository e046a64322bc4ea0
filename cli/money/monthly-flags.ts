/** The forms that may be asked for. */
export const forms = ['html', 'pdf', 'md', 'csv', 'json', 'focus', 'txt'] as const;

/** What `gomeet report monthly` is told. */
export interface MonthlyFlags {
  readonly month?: string;
  readonly timeZone?: string;
  readonly format?: readonly (typeof forms)[number][];
  readonly out?: string;
  readonly json?: true;
  readonly from?: string;
  readonly saveInput?: string;
  readonly corrects?: string;
  readonly reason?: string;
  readonly send?: true;
  readonly email?: string;
  readonly demo?: true;
}
