/** Applies `--query` to what a command writes to stdout. */
import { ExpectedError } from '../../platform/errors.ts';
import type { Host, Output } from '../../platform/host.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import { compactJson, indentJsonPieces } from './document.ts';
import type { Query } from './query.ts';
import { renderTsv } from './tsv.ts';

/** A stdout that writes the result of a query on JSON, once a query is set. */
export interface QueriedOutput extends Output {
  /**
   * Sets the query. From then on, the write that completes a document throws a usage error if the query does not fit
   * it.
   * @param format `json` and `tsv` for one document, whose end is a write that ends with a newline; `ndjson` for a
   * record on each line
   */
  setQuery(query: Query, format: QueryFormat): void;
  /** Discards all further output. */
  mute(): void;
}

/** Formats for the result of a query: JSON, or bare values. */
type QueryFormat = 'json' | 'ndjson' | 'tsv';

/** Creates a stdout that passes text through until a query is set. */
export function createQueriedOutput({ stdout, stderr }: Host): QueriedOutput {
  let write = stdout.write;

  function queryRecords(query: Query): void {
    let hasWarned = false;
    // Records differ in shape, and the query need not fit all of them.
    const writeRecord = (record: string) => {
      try {
        const picked = query(JSON.parse(record));
        if (picked !== 'null') stdout.write(literal`${compactJson(picked)}\n`);
      } catch (error) {
        if (!(error instanceof ExpectedError)) throw error;
        if (!hasWarned)
          stderr.write(
            literal`sfcompose: ${printable(error.message)} Records that do not fit are omitted.\n`,
          );
        hasWarned = true;
      }
    };
    write = (lines) => {
      for (const line of lines.split('\n')) if (line !== '') writeRecord(line);
    };
  }

  function queryDocument(query: Query, isTsv: boolean): void {
    let json = '';
    write = (piece) => {
      json += piece;
      if (!piece.endsWith('\n')) return;
      // An error document that follows a usage error of the query passes through, but is no TSV.
      write = isTsv ? () => {} : stdout.write;
      const document = JSON.parse(json);
      // The query is for an upgrade, not for an error document.
      const isError = document instanceof Object && Object.hasOwn(document, 'Error');
      if (isTsv) {
        if (!isError) stdout.write(renderTsv(query(document)));
        return;
      }
      for (const part of indentJsonPieces(isError ? json : query(document))) stdout.write(part);
      stdout.write(literal`\n`);
    };
  }

  const queried: QueriedOutput = Object.assign(Object.create(stdout), {
    write: (text: Printable) => write(text),
    setQuery: (query: Query, format: QueryFormat) =>
      format === 'ndjson' ? queryRecords(query) : queryDocument(query, format === 'tsv'),
    mute() {
      write = () => {};
      // A muted stdout does not count as a terminal: nothing is drawn in place.
      Object.assign(queried, { isTTY: false });
    },
  });
  return queried;
}
