/** A JMESPath query of what is printed as JSON, as `az` and `sfctl` have it. */
import { compile, TreeInterpreter } from '@jmespath-community/jmespath';
import { usageError } from './errors.ts';
import { printable } from './text.ts';

/** @returns the JSON text of what the query makes of a JSON text */
export type Query = (json: string) => string;

/** @throws a usage error for what is no JMESPath; so does the query where it does not fit a text */
export function queryOf(expression: string): Query {
  const compiled = explained(expression, () => compile(expression));
  return (json) =>
    // What is nowhere is null.
    explained(expression, () => JSON.stringify(TreeInterpreter.search(compiled, JSON.parse(json)) ?? null));
}

function explained<T>(expression: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    throw usageError(`--query is "${printable(expression)}", which does not work: ${printable(why)}.`);
  }
}
