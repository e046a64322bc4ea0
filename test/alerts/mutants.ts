import { parser } from '@prometheus-io/lezer-promql';
import type { Alert } from '../../alerts/define.ts';
import { duration } from '../../kernel/duration.ts';

/** An alert made wrong in one way. */
export interface Mutant {
  readonly what: string;
  readonly alert: Alert;
}

const opposite: Readonly<Record<string, string>> = {
  '>': '<=',
  '<': '>=',
  '>=': '<',
  '<=': '>',
  '==': '!=',
  '!=': '==',
};

/** Each comparison turned round, each threshold moved by a fifth either way, and the wait left out. */
export function mutantsOf(alert: Alert): readonly Mutant[] {
  const { expr } = alert;
  const replaced = (from: number, to: number, text: string, what: string): Mutant => ({
    what,
    alert: { ...alert, expr: expr.slice(0, from) + text + expr.slice(to) },
  });
  const found: Mutant[] = [];
  parser.parse(expr).iterate({
    enter: ({ node }) => {
      if (node.name !== 'BinaryExpr') return;
      const operator = [...childrenOf(node)].find((child) => opposite[expr.slice(child.from, child.to)] !== undefined);
      if (operator === undefined) return;
      const sign = expr.slice(operator.from, operator.to);
      found.push(replaced(operator.from, operator.to, opposite[sign] ?? sign, `${sign} turned round`));
      for (const child of childrenOf(node)) {
        const text = expr.slice(child.from, child.to);
        const value = Number(text);
        if (child.name !== 'NumberDurationLiteral' || Number.isNaN(value) || value === 0) continue;
        for (const times of [0.8, 1.2])
          found.push(replaced(child.from, child.to, String(value * times), `${text} times ${times}`));
      }
    },
  });
  return alert.for === '0s'
    ? found
    : [...found, { what: 'without its wait', alert: { ...alert, for: duration('0s') } }];
}

function* childrenOf(node: { firstChild: Node | null }): Generator<Node> {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) yield child;
}

interface Node {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly firstChild: Node | null;
  readonly nextSibling: Node | null;
}
