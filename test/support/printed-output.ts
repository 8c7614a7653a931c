/** What commands print, read back. */

/** What a table says, without its borders and with the lines joined that it has broken. */
export function unfolded(text: string): string {
  return text.replace(/ │\n│ +│ +/g, ' ').replace(/ +/g, ' ');
}

/** What ndjson says, record by record. */
export function recordsIn(stdout: string) {
  return stdout
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line));
}
