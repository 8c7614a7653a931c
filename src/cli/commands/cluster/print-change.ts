/** Prints what a command changed in the stored clusters. */
import type { ClusterDocument } from '../../../config/cluster-document.ts';
import { listClusterFacts, renderClusterJson } from '../../../output/clusters.ts';
import { renderClusterRecord } from '../../../output/json/records.ts';
import { renderPlainLine } from '../../../output/plain-line.ts';
import { createStyle } from '../../../output/style.ts';
import { breakText } from '../../../output/table/wrap.ts';
import type { Host } from '../../../platform/host.ts';
import { joinLines, literal, printable } from '../../../platform/printable.ts';
import type { CommandResult } from '../../../platform/result.ts';
import type { OutputSettings } from '../../output-options.ts';

/**
 * Prints the change.
 * @param document holds the cluster that the change was about: the new document, or the old one
 * @param name of that cluster; `undefined` for none
 * @param what a sentence without a full stop
 */
export function printChange(
  document: ClusterDocument,
  name: string | undefined,
  what: string,
  { format, color }: OutputSettings,
  { stdout, clock, env }: Host,
): CommandResult {
  const time = new Date(clock.now());
  const cluster = listClusterFacts(document).find((facts) => facts.name === name);
  const json = renderClusterJson(cluster);
  if (format === 'table') {
    const { glyphs, good, width } = createStyle(color, stdout, env);
    const lines = breakText(printable(what), Math.max(1, width - 2)).map((line, index) =>
      index === 0 ? literal`${good(glyphs.done)} ${line}` : literal`  ${line}`,
    );
    stdout.write(literal`${joinLines(lines)}\n`);
  }
  if (format === 'plain') stdout.write(renderPlainLine(what, time));
  if (format === 'ndjson') stdout.write(renderClusterRecord(json, time));
  return {
    outcome: 'completed',
    document: json,
    record: { reason: what, deployment: null, targetVersion: null },
  };
}
