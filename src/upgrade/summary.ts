/** An upgrade in one line: what it does, what it waits for, what is wrong. Pure. */

import { collectFindings } from './findings/collect.ts';
import { type Finding, isAbout } from './findings/finding.ts';
import { listPendingChecks } from './findings/waiting.ts';
import type { UpgradeSnapshot } from './snapshot.ts';
import { hasEnded, isNeverUpgraded, isRollback } from './state.ts';
import { describeState, summarizeNodes } from './wording.ts';

/** There is no clock in it: as long as these words stay the same, nothing moves. */
export function summarize(snapshot: UpgradeSnapshot): string {
  const { upgrade } = snapshot;
  const target = upgrade.targetVersion && !isNeverUpgraded(upgrade) ? ` to ${upgrade.targetVersion}` : '';
  const nodes = upgrade.currentDomain?.nodes ?? [];
  const findings = collectFindings(snapshot);
  const check = findings.find(({ code }) => code === 'safety-check');
  const more = listPendingChecks(upgrade).length - 1;
  const others = more > 0 ? ` (and ${more} more)` : '';
  // What caused a rollback, or is over, need not stand in every line on the way.
  const isOnTheWayBack = isRollback(upgrade) && !hasEnded(upgrade);
  const [cause] = isOnTheWayBack
    ? []
    : findings.filter((one) => isAbout('cause', one) && one.severity !== 'info');
  const parts = [
    `${describeState(snapshot)} (${upgrade.state || 'not sent'})`,
    nodes.length > 0 ? summarizeNodes(nodes) : '',
    check ? `waits: ${lowerFirst(check.what)}${others}` : '',
    cause ? describeCauseInline(cause) : '',
  ];
  return `${upgrade.deployment}${target}: ${parts.filter(Boolean).join('; ')}`;
}

/** With the first that it is known by. */
export function describeCauseInline({ what, evidence: [first] }: Finding): string {
  return first ? `${lowerFirst(what)}: ${first}` : lowerFirst(what);
}

/** As a part of a line. */
export function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
