import type { Section } from '../cost/sections.ts';

/** A table of the report; the last row of one with a total is set apart. */
export interface Table extends Section {
  readonly total?: true;
}
