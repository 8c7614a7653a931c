/** A stdout that gives of JSON what a query picks out of it, once one is asked. */
import { ExpectedError } from '../../platform/errors.ts';
import type { Host, Output } from '../../platform/host.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import { compactJson, indentJsonPieces } from './document.ts';
import type { Query } from './query.ts';

export interface QueriedOutput extends Output {
  /**
   * From then on the write that completes a document throws a usage error where the query does not fit it.
   * @param format one document, whose last line alone ends a write, or a record a line
   */
  setQuery(query: Query, format: 'json' | 'ndjson'): void;
}

export function createQueriedOutput({ stdout, stderr }: Host): QueriedOutput {
  let write = stdout.write;

  function queryRecords(query: Query): void {
    let isSaid = false;
    // There are records of several kinds: one that the query does not fit is left out.
    const writeRecord = (record: string) => {
      try {
        const picked = query(JSON.parse(record));
        if (picked !== 'null') stdout.write(literal`${compactJson(picked)}\n`);
      } catch (error) {
        if (!(error instanceof ExpectedError)) throw error;
        if (!isSaid)
          stderr.write(literal`sfcompose: ${printable(error.message)} Such records are left out.\n`);
        isSaid = true;
      }
    };
    write = (lines) => {
      for (const line of lines.split('\n')) if (line !== '') writeRecord(line);
    };
  }

  function queryDocument(query: Query): void {
    let json = '';
    write = (piece) => {
      json += piece;
      if (!piece.endsWith('\n')) return;
      // What the query may throw is told whole.
      write = stdout.write;
      const document = JSON.parse(json);
      // Whoever asks for a member of an upgrade is told of an error all the same.
      const isError = document instanceof Object && Object.hasOwn(document, 'Error');
      for (const part of indentJsonPieces(isError ? json : query(document))) stdout.write(part);
      stdout.write(literal`\n`);
    };
  }

  return Object.assign(Object.create(stdout), {
    write: (text: Printable) => write(text),
    setQuery: (query: Query, format: 'json' | 'ndjson') =>
      format === 'json' ? queryDocument(query) : queryRecords(query),
  });
}
