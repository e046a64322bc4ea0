/** Colours and type of a chart; each colour is whatever an SVG attribute takes. */
export interface ChartTheme {
  readonly background: string;
  readonly ink: string;
  readonly faint: string;
  readonly grid: string;
  readonly danger: string;
  readonly dangerWash: string;
  readonly lines: readonly string[];
  readonly rest: string;
  readonly font: string;
}

/** For pictures in threads: concrete colours and the one font that is shipped with the bundle. */
export const paperTheme: ChartTheme = {
  background: '#ffffff',
  ink: '#1f2733',
  faint: '#5b6675',
  grid: '#e3e7ec',
  danger: '#b3261e',
  dangerWash: '#fbe9e7',
  // The first five are what lines are told apart by, all ten the parts of a stack.
  lines: [
    ...['#1d5fd1', '#8a4fbf', '#0b7d72', '#a05a00', '#7a2f57'],
    ...['#4d9de0', '#c9931a', '#5b8a2b', '#d0699a', '#51607a'],
  ],
  rest: '#b6bec9',
  font: 'DejaVu Sans',
};

/** For pages: every colour is a variable of the page's style sheet, so that one SVG serves light and dark. */
export const pageTheme: ChartTheme = {
  background: 'none',
  ink: 'var(--ink)',
  faint: 'var(--ink-2)',
  grid: 'var(--line)',
  danger: 'var(--bad)',
  dangerWash: 'var(--bad-wash)',
  lines: ['var(--s1)', 'var(--s2)', 'var(--s3)', 'var(--s4)', 'var(--s5)'],
  rest: 'var(--s-rest)',
  font: 'system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif',
};
