/** Finds and replaces variables as docker compose does: `$NAME`, `${NAME}` and `${NAME:-default}`. Pure. */

type Env = Readonly<Record<string, string | undefined>>;

/** A text whose variables cannot be replaced. */
export class VariableError extends Error {}

/** A part of a text: a literal, or a variable. */
type Part = string | Variable;

interface Variable {
  readonly name: string;
  /** The operator after the name: `:-`, `?` or the like; empty for the variable alone. */
  readonly operator: string;
  /** The parts after the operator. */
  readonly operand: readonly Part[];
}

/** Deepest nesting of a default in a default. No file needs more. */
const maxDepth = 20;

/**
 * Lists the variables of a text, without their defaults, which may be secrets: `${NAME}`. `$$` is a literal dollar. A `${`
 * that begins no variable counts as one.
 */
export function listVariables(text: string): readonly string[] {
  return [...text.matchAll(/\$(?:\$|([a-z_]\w*)|\{([a-z_]\w*)?)/gi)].flatMap(([match, bare, braced]) =>
    match === '$$' ? [] : [`\${${bare ?? braced ?? '…'}}`],
  );
}

/**
 * Replaces the variables of a text, and `$$` by `$`.
 * @throws VariableError without any value, for a variable that is not set and has no default, and for a `$` that begins
 * no variable
 */
export function replaceVariables(text: string, env: Env): string {
  return evaluate(parse(text, 0, 0).parts, env);
}

function evaluate(parts: readonly Part[], env: Env): string {
  return parts.map((part) => (typeof part === 'string' ? part : evaluateVariable(part, env))).join('');
}

function evaluateVariable({ name, operator, operand }: Variable, env: Env): string {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  const isMissing = operator.startsWith(':') ? !value : value === undefined;
  if (operator.endsWith('+')) return isMissing ? '' : evaluate(operand, env);
  if (!isMissing) return value ?? '';
  if (operator.endsWith('-')) return evaluate(operand, env);
  throw new VariableError(`the variable ${name} is ${value === undefined ? 'not set' : 'empty'}`);
}

/**
 * Parses a text from an index to its end, or in braces to the closing one.
 * @returns the parts, and the index after them
 */
function parse(text: string, start: number, depth: number): { parts: readonly Part[]; end: number } {
  if (depth > maxDepth) throw new VariableError('variables are nested too deeply');
  const parts: Part[] = [];
  const plain = depth === 0 ? /[^$]+/y : /[^$}]+/y;
  for (let at = start; ; ) {
    plain.lastIndex = at;
    const [literal = ''] = plain.exec(text) ?? [];
    if (literal) parts.push(literal);
    at += literal.length;
    if (at === text.length) {
      if (depth > 0) throw new VariableError('the closing brace of a variable is missing');
      return { parts, end: at };
    }
    if (text.charAt(at) === '}') return { parts, end: at + 1 };
    const begin = /\$(?:\$|([a-z_]\w*)|\{([a-z_]\w*)(:?[-?+])?)/iy;
    begin.lastIndex = at;
    const [match, bare, braced = '', operator = ''] = begin.exec(text) ?? [];
    if (match === undefined)
      throw new VariableError('a single $ begins no variable: write $$ for a literal dollar');
    at += match.length;
    if (match === '$$') parts.push('$');
    else if (bare !== undefined) parts.push({ name: bare, operator: '', operand: [] });
    else if (operator) {
      const operand = parse(text, at, depth + 1);
      parts.push({ name: braced, operator, operand: operand.parts });
      at = operand.end;
    } else {
      if (text.charAt(at) !== '}') throw new VariableError(`the variable ${braced} has no valid form`);
      parts.push({ name: braced, operator: '', operand: [] });
      at++;
    }
  }
}
