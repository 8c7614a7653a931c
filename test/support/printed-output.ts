/** Parsers of what commands print. */

/** Joins the lines of a screen, which wraps texts, into one. */
export function unfoldTable(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** Parses ndjson into records. */
export function parseRecords(stdout: string) {
  return stdout
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line));
}
