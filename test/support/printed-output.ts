/** Parsers of what commands print. */

/** Removes a table's borders, and joins wrapped lines, which are indented. */
export function unfoldTable(text: string): string {
  return text
    .replace(/ │\n│ +│ +/g, ' ')
    .replace(/\n {2,}/g, ' ')
    .replace(/ +/g, ' ');
}

/** Parses ndjson into records. */
export function parseRecords(stdout: string) {
  return stdout
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line));
}
