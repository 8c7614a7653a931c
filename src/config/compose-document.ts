/** Parses the YAML of compose files. Loaded by compose-file.ts only when it is needed. Pure. */
import {
  Composer,
  CST,
  type ErrorCode,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  type Scalar,
  type YAMLError,
} from 'yaml';

/** A fault of a YAML text. The message repeats nothing of the text but names of keys, because values may be secrets. */
export class YamlError extends Error {
  /** Line from 1. */
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** A scalar value. */
export interface ScalarValue {
  readonly text: string;
  /** Line from 1. */
  readonly line: number;
  /** Its place in the text, without anchor, tag and comment. */
  readonly range: readonly [start: number, end: number];
}

/** A parsed document. All scalars are strings. */
export interface ComposeDocument {
  /** All scalar values in the order of the text. Keys are none, and what an alias repeats counts once. */
  readonly values: readonly ScalarValue[];
  /** Finds the line of a dotted path, from 1: that of its nearest parent that exists. */
  findLine(path: string): number | undefined;
  /** Returns the value at a path; `undefined` if there is no scalar. */
  findValue(path: readonly string[]): ScalarValue | undefined;
  /** Lists the scalars directly in the mapping or sequence at a path. */
  listValues(path: readonly string[]): readonly ScalarValue[];
  /** Lists the keys of the mapping at a path; `undefined` if there is no mapping. */
  listKeys(path: readonly string[]): readonly string[] | undefined;
}

/** Deepest nesting, far below the depth at which the parser exhausts the stack. */
const maxDepth = 100;

/** Most parts of a path that are looked up, because a path comes from the cluster. */
const maxPathParts = 20;

/** Parses a text. @throws YamlError for a text that is not exactly one document of valid YAML */
export function parseComposeDocument(text: string): ComposeDocument {
  const lines = new LineCounter();
  const getLine = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const fail = (message: string, offset: number): never => {
    throw new YamlError(message, getLine(offset));
  };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deepOffset = findDeepToken(tokens);
  if (deepOffset !== undefined) fail('the YAML is nested too deeply', deepOffset);
  // Without types, as the cluster reads it. The library's own check of keys takes quadratic time.
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
  const documents = [...composer.compose(tokens, true, text.length)];
  for (const { errors } of documents) {
    const [error] = errors;
    if (error) fail(describeError(error), error.pos[0]);
  }
  const [document, second] = documents;
  if (second) fail('the file has more than one YAML document', second.range[0]);

  const values: ScalarValue[] = [];
  const scalars = new Map<Scalar, ScalarValue>();
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();

  function visit(node: unknown, isKey: boolean): void {
    if (isAlias(node)) {
      const target = anchors.get(node.source) ?? fail('an alias has no anchor', node.range?.[0] ?? 0);
      targets.set(node, target);
      return;
    }
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return;
    if (node.anchor) anchors.set(node.anchor, node);
    if (isSeq(node)) for (const item of node.items) visit(item, isKey);
    if (isMap(node)) visitPairs(node.items, isKey);
    if (isScalar(node) && !isKey) {
      const [start, end] = node.range ?? [0, 0];
      const value = { text: String(node.value ?? ''), line: getLine(start), range: [start, end] } as const;
      values.push(value);
      scalars.set(node, value);
    }
  }

  function visitPairs(pairs: readonly Pair[], isKey: boolean): void {
    const keys = new Set<string>();
    for (const { key, value } of pairs) {
      if (isScalar(key)) {
        const name = String(key.value ?? '');
        // A longer or unusual key may be a value by mistake.
        const word = /^[\w./-]{1,64}$/.test(name) ? `the key ${name}` : 'a key';
        if (keys.has(name)) fail(`${word} appears twice in the same mapping`, key.range?.[0] ?? 0);
        keys.add(name);
      }
      visit(key, true);
      visit(value, isKey);
    }
  }

  visit(document?.contents, false);

  const follow = (node: unknown) => targets.get(node as Node) ?? node;
  const findPair = (node: unknown, name: string) =>
    isMap(node)
      ? node.items.find(({ key }) => {
          const scalar = follow(key);
          return isScalar(scalar) && String(scalar.value ?? '') === name;
        })
      : undefined;
  const find = (path: readonly string[]) =>
    path.reduce<unknown>((node, name) => follow(findPair(node, name)?.value), follow(document?.contents));

  /** Finds the offset of a path below a node. Names may contain dots: the longest that exists counts. */
  function findOffset(node: unknown, parts: readonly string[]): number | undefined {
    for (let count = parts.length; count > 0; count--) {
      const name = parts.slice(0, count).join('.');
      const pair = findPair(node, name);
      const item = isSeq(node) && /^\d{1,6}$/.test(name) ? (node.items[Number(name)] as Node) : undefined;
      const found = (pair?.key as Node | undefined) ?? item;
      if (found?.range)
        return findOffset(follow(pair ? pair.value : item), parts.slice(count)) ?? found.range[0];
    }
    return undefined;
  }

  return {
    values,
    findLine(path) {
      const parts = path.replace(/\[(\d+)\]/g, '.$1').split('.', maxPathParts);
      const offset = findOffset(follow(document?.contents), parts);
      return offset === undefined ? undefined : getLine(offset);
    },
    findValue: (path) => scalars.get(find(path) as Scalar),
    listValues(path) {
      const node = find(path);
      const members = isMap(node) ? node.items.map(({ value }) => value) : isSeq(node) ? node.items : [];
      return members.flatMap((member) => scalars.get(follow(member) as Scalar) ?? []);
    },
    listKeys(path) {
      const node = find(path);
      if (!isMap(node)) return undefined;
      return node.items.flatMap(({ key }) => {
        const scalar = follow(key);
        return isScalar(scalar) ? [String(scalar.value ?? '')] : [];
      });
    },
  };
}

/** Finds a token below {@link maxDepth}, without recursion. @returns its offset */
function findDeepToken(tokens: readonly CST.Token[]): number | undefined {
  const pending = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { token, depth } = next;
    if (depth > maxDepth) return token.offset;
    const children =
      token.type === 'document'
        ? [token.value]
        : CST.isCollection(token)
          ? token.items.flatMap((item) => [item.key, item.value])
          : [];
    for (const child of children) if (child) pending.push({ token: child, depth: depth + 1 });
  }
  return undefined;
}

/** Sentences for frequent errors. The library's own messages may repeat text. */
const descriptions: Partial<Readonly<Record<ErrorCode, string>>> = {
  BAD_INDENT: 'the indentation is wrong',
  BLOCK_AS_IMPLICIT_KEY: 'a value begins a mapping on the same line: put quotes around text with ": "',
  MISSING_CHAR: 'a quote, bracket, comma or colon is missing',
  TAB_AS_INDENT: 'a tab is used as indentation: use blanks',
  BAD_SCALAR_START: 'a text begins with a character that needs quotes',
  BAD_DQ_ESCAPE: 'a text in double quotes has an unknown escape',
  MULTILINE_IMPLICIT_KEY: 'a key spans several lines: a colon may be missing, or the indentation wrong',
};

function describeError({ code }: YAMLError): string {
  return descriptions[code] ?? 'the YAML is not valid';
}
