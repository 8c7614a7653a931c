/**
 * Identifiers in health reports: instance ids, GUIDs, names of containers, addresses and times, which differ from node to
 * node for one and the same fault. Pure.
 */

/**
 * Matches identifiers. Container names are `sf-<number>-<GUID>_<GUID>`, instance and replica ids have 17 digits or more
 * (`Hosting2/CodePackage.cpp`).
 */
const identifier = new RegExp(
  [
    String.raw`\bsf-\d+-[\w-]{8,}`,
    String.raw`\{?(?<![\da-f])[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?![\da-f])\}?`,
    String.raw`\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?Z?`,
    String.raw`\b\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d(?: [AP]M)?`,
    String.raw`\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b`,
    // A Docker id in its short and its long form.
    String.raw`\b(?=[\da-f]*\d)(?=[\da-f]*[a-f])(?:[\da-f]{12}|[\da-f]{32,64})\b`,
    String.raw`\b\d{13,}\b`,
    String.raw`\b\d+(?= times?\b)`,
    String.raw`(?<=\b(?:pid|process ?id)[ =:]{1,3})\d+`,
  ].join('|'),
  'gi',
);

/** Replaces all identifiers by an ellipsis. */
export function maskIdentifiers(text: string): string {
  return text.replace(identifier, '…');
}

/**
 * Replaces the identifiers in which texts differ by an ellipsis.
 * @param texts equal apart from identifiers
 */
export function maskDifferences(texts: readonly string[]): string {
  const [first = '', ...others] = new Set(texts);
  if (others.length === 0) return first;
  const rest = others.map((text) => text.match(identifier) ?? []);
  let index = -1;
  return first.replace(identifier, (word) => {
    index++;
    return rest.every((words) => words[index] === word) ? word : '…';
  });
}

/** Removes the instance id from the property of a report: `CodePackageActivation:web.Code:EntryPoint:1338…`. */
export function trimProperty(property: string): string {
  return maskIdentifiers(property).replace(/(?<=.)(?:[:_]…)+$/, '');
}
