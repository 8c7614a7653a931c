/** Renders the result of a query as tab-separated values, as `az -o tsv` does. */
import { joinLines, literal, type Printable, printable } from '../../platform/printable.ts';

/**
 * Renders JSON as lines of raw values: one line for each element of a list, with the values of a list or an object in
 * columns. `null` is empty, and deeper levels are JSON. Tabs and line ends within values are escaped.
 * @param json the result of a query
 */
export function renderTsv(json: string): Printable {
  const result: unknown = JSON.parse(json);
  const rows = Array.isArray(result) ? result : result === null ? [] : [result];
  return literal`${joinLines(rows.map(renderRow))}${rows.length > 0 ? literal`\n` : literal``}`;
}

function renderRow(row: unknown): Printable {
  const values = row instanceof Object ? Object.values(row) : [row];
  return values.map(renderValue).reduce((line, value) => literal`${line}\t${value}`);
}

function renderValue(value: unknown): Printable {
  if (value === null) return literal``;
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}
