/** A valid JSON text, token by token: a detour through objects would not leave all of it as it came. Pure. */

const blank = 0x20;
const [quote, backslash] = Buffer.from('"\\');
const marks = new Set(Buffer.from('{}[],:'));

export function skipSpace(json: string, at: number): number {
  let next = at;
  while (json.charCodeAt(next) <= blank) next++;
  return next;
}

/** @returns where the token ends that starts there */
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
 * The texts of the elements of a list, as they came.
 * @param json an object
 * @param member the name of the list; of several the last counts, as for JSON.parse
 */
export function sliceElements(json: string, member: string): readonly string[] {
  const values = sliceMembers(json).flatMap((part) => {
    const end = findTokenEnd(part, 0);
    if (JSON.parse(part.slice(0, end)) !== member) return [];
    return [part.slice(skipSpace(part, end) + 1).trimStart()];
  });
  return sliceMembers(values.at(-1) ?? '');
}

/** What stands between the commas of a list or object. */
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
