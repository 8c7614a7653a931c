/** One JSON record a line. The members are promised: later versions only add. */
import { exitCodeOf, type Outcome, wordOf } from '../exit-code.ts';
import { compactJson } from './json.ts';

/** The version of the records' shape. */
const schema = 1;

/** @param document the gateway's JSON text, which is put in as it is */
export function progressRecord(document: string, time: Date): string {
  return `${compactJson(`{"type":"progress","time":"${time.toISOString()}","schema":${schema},"progress":${document}}`)}\n`;
}

/** @param report the JSON text of the report */
export function connectionRecord(report: string, time: Date): string {
  return `${compactJson(`{"type":"connection","time":"${time.toISOString()}","schema":${schema},"connection":${report}}`)}\n`;
}

/** @param error what went wrong, as it is or was */
export function contactRecord(state: 'lost' | 'regained', error: string, time: Date): string {
  const record = { type: 'contact', time: time.toISOString(), schema, state, error };
  return `${compactJson(JSON.stringify(record))}\n`;
}

export interface Ending {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly deployment: string | null;
  readonly targetVersion: string | null;
  readonly elapsedSeconds: number;
}

export function outcomeRecord({ outcome, ...rest }: Ending, time: Date): string {
  const record = {
    type: 'outcome',
    time: time.toISOString(),
    schema,
    outcome: wordOf(outcome),
    exitCode: exitCodeOf(outcome),
    ...rest,
  };
  return `${compactJson(JSON.stringify(record))}\n`;
}
