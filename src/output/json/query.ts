/** Compiles the JMESPath expression of `--query`. */
import { explainVariableIn } from '../../config/undefined-variable.ts';
import { usageError } from '../../platform/errors.ts';

/**
 * Applies the expression to a JSON document.
 * @returns the JSON text of the result
 * @throws ExpectedError a usage error, if the expression does not fit the document
 */
export type Query = (document: unknown) => string;

/**
 * Compiles an expression.
 * @throws ExpectedError a usage error that names the option, the expression and what is wrong
 */
export async function compileExpression(expression: string): Promise<Query> {
  const { compile, getRegisteredFunctions, TreeInterpreter } = await import('@jmespath-community/jmespath');
  let tree: ReturnType<typeof compile>;
  try {
    tree = compile(expression);
    rejectMistakes(tree, getRegisteredFunctions());
  } catch (error) {
    throw usageError(
      `Invalid --query "${expression}": ${explainVariableIn(expression) ?? `use a JMESPath expression (${describeJmespathError(error)}).`}`,
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
 * Rejects mistakes that the library detects too late or not at all: a function that does not exist, and `=` for `==`,
 * which it reads as the beginning of a `let` expression.
 * @throws Error with the mistake in the middle of a sentence
 */
function rejectMistakes(node: unknown, functions: readonly string[]): void {
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
  if (type === 'Binding') throw new Error('use "==" to compare, not "="');
  const parts = bindings ? [expression, ...bindings.map(({ reference }) => reference)] : Object.values(node);
  for (const part of parts) rejectMistakes(part, functions);
}

/** Describes an error of the library for the middle of a sentence. */
function describeJmespathError(error: unknown): string {
  if (error instanceof RangeError) return 'it is too long or too deeply nested';
  const { message } = error as Error;
  return message.replace(/^syntax(?: error)?[:,] |\.$/gi, '');
}
