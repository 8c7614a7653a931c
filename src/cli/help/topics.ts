/** The topics of `sfcompose help`. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { outcomes } from '../../platform/outcome.ts';
import { listAllCommands } from '../command-tree.ts';
import { listOptionVariables, otherVariables } from './environment.ts';
import { type Entry, renderEntries, renderParagraph } from './layout.ts';

/** Topics and their descriptions. */
export const topics = {
  'exit-codes': 'Exit codes and when each is returned',
  environment: 'Environment variables',
} as const satisfies Record<string, string>;

/** A topic of `sfcompose help`. */
export type Topic = keyof typeof topics;

/** Whether a word names a topic. */
export function isTopic(word: string): word is Topic {
  return Object.hasOwn(topics, word);
}

/** Renders a topic. @param width columns of the terminal */
export function renderTopic(topic: Topic, program: CommandUnknownOpts, width: number): string {
  if (topic === 'exit-codes') {
    const codes = Object.values(outcomes).map(({ exitCode, when }): Entry => [String(exitCode), when]);
    return [
      ...renderParagraph(
        'Exit codes tell scripts how an upgrade went. Of several deployments, the worst one counts.',
        width,
      ),
      '',
      ...renderEntries('Exit codes:', codes, width),
    ].join('\n');
  }
  return [
    ...renderParagraph(
      'Options take precedence over environment variables. Empty variables are ignored.',
      width,
    ),
    '',
    ...renderEntries('Instead of options:', listOptionVariables(listAllCommands(program)), width),
    '',
    ...renderEntries('Others:', otherVariables, width),
  ].join('\n');
}
