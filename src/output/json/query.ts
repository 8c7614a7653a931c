/** `--query`: what a JMESPath expression picks out of a document. */
import { usageError } from '../../platform/errors.ts';

/**
 * @param document of JSON
 * @returns the JSON text of what is picked
 * @throws a usage error where the expression does not fit the document
 */
export type Query = (document: unknown) => string;

/** @throws a usage error that names the option, the expression and what is wrong with it */
export async function compileExpression(expression: string): Promise<Query> {
  const { compile, getRegisteredFunctions, TreeInterpreter } = await import('@jmespath-community/jmespath');
  let tree: ReturnType<typeof compile>;
  try {
    tree = compile(expression);
    refuseMistakes(tree, getRegisteredFunctions());
  } catch (error) {
    throw usageError(
      `--query is "${expression}", but it takes a JMESPath expression: ${describeJmespathError(error)}.`,
    );
  }
  return (document) => {
    try {
      const picked = TreeInterpreter.search(tree, document as Parameters<typeof TreeInterpreter.search>[1]);
      return JSON.stringify(picked) ?? 'null';
    } catch (error) {
      throw usageError(
        `--query "${expression}" does not fit what was read: ${describeJmespathError(error)}.`,
      );
    }
  };
}

/**
 * What the library finds out too late or not at all: a function that does not exist, and `=` for `==`, which it reads
 * as the beginning of a `let` that holds for everything.
 */
function refuseMistakes(node: unknown, functions: readonly string[]): void {
  if (!(node instanceof Object)) return;
  const { type, name, bindings, expression } = node as {
    readonly type?: string;
    readonly name?: string;
    readonly bindings?: readonly { readonly reference: unknown }[];
    readonly expression?: unknown;
  };
  if (type === 'Literal') return;
  if (type === 'Function' && !functions.includes(name ?? ''))
    throw new Error(`there is no function ${name}()`);
  if (type === 'Binding') throw new Error('"=" compares nothing, "==" does');
  const parts = bindings ? [expression, ...bindings.map(({ reference }) => reference)] : Object.values(node);
  for (const part of parts) refuseMistakes(part, functions);
}

/** The library's own, in the middle of a sentence. */
function describeJmespathError(error: unknown): string {
  if (error instanceof RangeError) return 'it is too long, or goes too deep';
  const { message } = error as Error;
  return message.replace(/^syntax(?: error)?[:,] |\.$/gi, '');
}
