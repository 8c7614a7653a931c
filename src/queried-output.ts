/** A stdout that gives of JSON what a query makes of it, once one is asked for. */
import type { Output } from './host.ts';
import type { Query } from './query.ts';
import { compactJson, indentedJson } from './render/json.ts';
import { type Printable, shown } from './text.ts';

export interface QueriedOutput extends Output {
  /**
   * @param format one document, which is complete when all is over, or a record a line
   */
  ask(query: Query, format: 'json' | 'ndjson'): void;
  /**
   * To be called when all is over.
   * @throws a usage error where the query does not fit the document
   */
  finish(): void;
}

export function queriedOutput(output: Output): QueriedOutput {
  let query: Query | undefined;
  let document: Printable[] | undefined;
  const queried: Pick<QueriedOutput, 'ask' | 'finish' | 'write'> = {
    ask(asked, format) {
      query = asked;
      if (format === 'json') document = [];
    },
    write(text) {
      if (query === undefined) output.write(text);
      else if (document) document.push(text);
      else writeRecord(text, query);
    },
    finish() {
      const json = document?.join('') ?? '';
      const wanted = query;
      // An error is told whole, also that which the query may throw.
      query = undefined;
      document = undefined;
      if (wanted === undefined || json === '') return;
      const result = isError(json) ? json : wanted(json);
      for (const piece of indentedJson(result)) output.write(piece);
      output.write(shown`\n`);
    },
  };

  function writeRecord(line: Printable, wanted: Query): void {
    // What goes wrong once goes wrong with the next record too: that is told whole.
    query = undefined;
    const result = wanted(line);
    query = wanted;
    // Nothing is left of most records.
    if (result !== 'null') output.write(shown`${compactJson(result)}\n`);
  }
  return Object.assign(Object.create(output), queried);
}

/** Whoever asks for a member of an upgrade is told of an error all the same. */
function isError(json: string): boolean {
  return /^\s*\{\s*"Error":/.test(json);
}
