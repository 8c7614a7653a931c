/**
 * Variables in compose files: finds them, and replaces them as Docker Compose does
 * (https://docs.docker.com/reference/compose-file/interpolation/), in values only.
 */
import type { Document, Scalar } from 'yaml';
import type { Host } from '../platform/host.ts';
import { invalidFile } from './invalid-file.ts';

/** A variable in a compose file. */
export interface ComposeVariable {
  readonly name: string;
  /** From 1. */
  readonly line: number;
}

/** A text value, and its place in the file. */
interface Value {
  readonly text: string;
  readonly style: Scalar['type'];
  readonly start: number;
  readonly end: number;
}

/** Lists the variables of all values. `$$` is no variable. */
export async function listVariables(
  document: Document.Parsed,
  source: string,
): Promise<readonly ComposeVariable[]> {
  const values = await listValues(document);
  return values.flatMap(({ text, start }) => {
    const names: string[] = [];
    substitute(text, (name) => {
      names.push(name);
      return '';
    });
    return names.map((name) => ({ name, line: findLine(source, start) }));
  });
}

/**
 * Replaces the variables of all values. Everything else stays as it is, comments and layout included.
 * @throws ExpectedError `invalid` for a variable without a value, or a wrong expression
 */
export async function interpolate(
  document: Document.Parsed,
  source: string,
  path: string,
  env: Host['env'],
): Promise<string> {
  let result = source;
  const values = await listValues(document);
  for (const value of values.toReversed()) {
    const { text, start, end } = value;
    const replaced = substitute(text, (name, operator, argument) => {
      const resolved = resolveVariable(env[name], operator, argument);
      if (resolved !== undefined) return resolved;
      throw invalidFile(path, findLine(source, start), `needs the variable ${name}, which is not set.`, [
        { what: `Set ${name}, or give it a default in the file`, command: `\${${name}:-default}` },
      ]);
    });
    if (replaced === undefined)
      throw invalidFile(path, findLine(source, start), 'has a variable that is not closed or has no name.', [
        { what: 'Write a dollar sign that is no variable twice: $$' },
      ]);
    if (replaced !== text) result = result.slice(0, start) + quote(replaced, value) + result.slice(end);
  }
  return result;
}

/** Lists the text values that contain a dollar sign, in the order of the file. */
async function listValues(document: Document.Parsed): Promise<readonly Value[]> {
  const { visit } = await import('yaml');
  const values: Value[] = [];
  visit(document, {
    Scalar(key, { value, range, type }) {
      if (key === 'key' || typeof value !== 'string' || !range || !value.includes('$')) return;
      values.push({ text: value, style: type, start: range[0], end: range[1] });
    },
  });
  return values;
}

/** Writes a replaced value so that nothing in it can change the structure of the file. */
function quote(text: string, { style }: Value): string {
  // What looks like a number stays one, as in `replicas: ${COUNT}`.
  if (style === 'PLAIN' && /^[A-Za-z0-9_][\w./@+-]*(?::[\w./@+-]+)*$/.test(text)) return text;
  const isBlock = style === 'BLOCK_LITERAL' || style === 'BLOCK_FOLDED';
  // JSON strings are double-quoted scalars of YAML.
  return `${JSON.stringify(text)}${isBlock ? '\n' : ''}`;
}

/** @returns `undefined` for a variable that is not set, and must be */
function resolveVariable(
  value: string | undefined,
  operator: string,
  argument: () => string,
): string | undefined {
  const isSet = operator.startsWith(':') ? Boolean(value) : value !== undefined;
  switch (operator.at(-1)) {
    case '-':
      return isSet ? value : argument();
    case '+':
      return isSet ? argument() : '';
    default:
      return isSet ? value : undefined;
  }
}

type Replace = (name: string, operator: string, argument: () => string) => string;

/** Replaces the variables of a text, nested ones included. @returns `undefined` for a wrong expression */
function substitute(text: string, replace: Replace): string | undefined {
  let result = '';
  let isWrong = false;
  for (let at = 0; at < text.length; ) {
    const dollar = text.indexOf('$', at);
    if (dollar === -1) return isWrong ? undefined : result + text.slice(at);
    result += text.slice(at, dollar);
    const rest = text.slice(dollar + 1);
    const [bare] = /^[A-Za-z_]\w*/.exec(rest) ?? [];
    if (rest.startsWith('$')) {
      result += '$';
      at = dollar + 2;
    } else if (bare !== undefined) {
      result += replace(bare, '', () => '');
      at = dollar + 1 + bare.length;
    } else if (rest.startsWith('{')) {
      const end = findClosing(text, dollar + 2);
      const [, name, operator = '', argument = ''] =
        /^([A-Za-z_]\w*)(?:(:?[-?+])(.*))?$/s.exec(end === -1 ? '' : text.slice(dollar + 2, end)) ?? [];
      if (name === undefined) return undefined;
      result += replace(name, operator, () => {
        const nested = substitute(argument, replace);
        isWrong ||= nested === undefined;
        return nested ?? '';
      });
      at = end + 1;
    } else {
      result += '$';
      at = dollar + 1;
    }
  }
  return isWrong ? undefined : result;
}

/** Finds the brace that closes an expression. @returns -1 if there is none */
function findClosing(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text.startsWith('${', at)) depth++;
    if (text.charAt(at) === '}' && --depth === 0) return at;
  }
  return -1;
}

function findLine(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}
