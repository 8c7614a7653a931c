/** Splits valid JSON text into tokens without parsing values, which would lose details such as long numbers. Pure. */

const blank = 0x20;
const [quote, backslash] = Buffer.from('"\\');
const marks = new Set(Buffer.from('{}[],:'));

/** Returns the index of the next character that is not white space. */
export function skipSpace(json: string, at: number): number {
  let next = at;
  while (json.charCodeAt(next) <= blank) next++;
  return next;
}

/** Returns the index after the token that starts at `start`. */
export function findTokenEnd(json: string, start: number): number {
  const first = json.charCodeAt(start);
  if (first === quote) return findStringEnd(json, start);
  let end = start + 1;
  if (marks.has(first)) return end;
  for (; end < json.length; end++) {
    const code = json.charCodeAt(end);
    if (code <= blank || code === quote || marks.has(code)) break;
  }
  return end;
}

function findStringEnd(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); at !== -1; at = json.indexOf('"', at + 1)) {
    let escapes = 0;
    while (json.charCodeAt(at - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
  return json.length;
}

/**
 * Returns the JSON text of each element of a list, unchanged.
 * @param json an object
 * @param member name of the list; the last one counts, as in JSON.parse
 */
export function sliceElements(json: string, member: string): readonly string[] {
  const values = sliceMembers(json).flatMap((part) => {
    const end = findTokenEnd(part, 0);
    if (JSON.parse(part.slice(0, end)) !== member) return [];
    return [part.slice(skipSpace(part, end) + 1).trimStart()];
  });
  return sliceMembers(values.at(-1) ?? '');
}

/** Returns the texts between the commas of a list or object. */
function sliceMembers(json: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = -1;
  let end = 0;
  for (let at = skipSpace(json, 0); at < json.length; at = skipSpace(json, end)) {
    const character = json.charAt(at);
    if (character === '}' || character === ']') depth--;
    const isBetween = depth === 0 || (depth === 1 && character === ',');
    if (isBetween && start !== -1) parts.push(json.slice(start, end));
    if (isBetween) start = -1;
    else if (start === -1) start = at;
    if (character === '{' || character === '[') depth++;
    end = findTokenEnd(json, at);
  }
  return parts;
}
