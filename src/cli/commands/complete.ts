/** `sfcompose __complete`: answers the scripts of `completion` when TAB is pressed. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Host } from '../../platform/host.ts';
import { assumePrintable, joinLines, literal, type Printable, printable } from '../../platform/printable.ts';
import type { CommandResult } from '../../platform/result.ts';
import { parseApplicationUri } from '../application-uri.ts';
import { parseLine, quoteInsertion, unquote } from '../completion/bash.ts';
import { type Candidate, findCompletion } from '../completion/candidates.ts';

/**
 * Prints `:files` or `:words` on the first line, then one candidate per line, followed by a tab and its meaning.
 * @param prefixed the words up to the cursor without the program's name, each with an underscore before it; the last
 * may be empty. For bash: the command line up to the cursor, and the part of it that bash replaces
 */
export async function complete(
  prefixed: readonly string[],
  isBash: boolean,
  program: CommandUnknownOpts,
  host: Host,
): Promise<CommandResult> {
  const words = prefixed.map((word) => word.slice(1));
  const answer = isBash
    ? await printBashWords(words, program, host)
    : await printCandidates(words, program, host);
  const lines = answer === 'files' ? [literal`:files`] : [literal`:words`, ...answer];
  host.stdout.write(literal`${joinLines(lines)}\n`);
  return { outcome: 'completed' };
}

async function printCandidates(words: readonly string[], program: CommandUnknownOpts, host: Host) {
  const candidates = await findCandidates(words.slice(0, -1), words.at(-1) ?? '', program, host);
  if (candidates === 'files') return candidates;
  return candidates.map(({ word, meaning }) => literal`${printable(word)}\t${printable(meaning)}`);
}

/** Prints candidates for bash, which shows no meanings and inserts words as they come. */
async function printBashWords(
  [line = '', replaced = '']: readonly string[],
  program: CommandUnknownOpts,
  host: Host,
) {
  const { before, last, isRedirection } = parseLine(line);
  const candidates = isRedirection ? 'files' : await findCandidates(before, unquote(last), program, host);
  if (candidates === 'files') return candidates;
  return candidates.flatMap(({ word }): readonly Printable[] => {
    const text = quoteInsertion(word, last, replaced);
    return text === undefined ? [] : [assumePrintable(text)];
  });
}

async function findCandidates(
  before: readonly string[],
  current: string,
  program: CommandUnknownOpts,
  host: Host,
): Promise<readonly Candidate[] | 'files'> {
  // The shell has not expanded the tilde yet.
  const words = before.map((word) => word.replace(/^~(?=\/)/, () => host.home ?? '~'));
  const completion = findCompletion(program, words, current);
  if (completion.of === 'files') return 'files';
  if (completion.of === 'words') return completion.candidates;
  if (completion.of === 'clusters') {
    const { findClusters } = await import('../completion/cluster-names.ts');
    return findClusters(completion.head, current, host);
  }
  const { findDeployments } = await import('../completion/deployment-names.ts');
  const { flags, operands } = completion;
  const deployments = await findDeployments(flags, host);
  const begun = parseApplicationUri(current) ?? current;
  const named = operands.map((operand) => parseApplicationUri(operand) ?? operand);
  return deployments.filter(({ word }) => word.startsWith(begun) && !named.includes(word));
}
