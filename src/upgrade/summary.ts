/** An upgrade in one line: what it does, what it waits for, what is wrong. Pure. */

import { findingsOf } from './findings/collect.ts';
import { type Finding, isAbout } from './findings/finding.ts';
import { pendingChecks } from './findings/waiting.ts';
import type { Situation } from './snapshot.ts';
import { hasEnded, isNeverUpgraded, isRollback } from './state.ts';
import { nodesSummary, stateWords } from './wording.ts';

/** There is no clock in it: as long as these words stay the same, nothing moves. */
export function summaryOf(situation: Situation): string {
  const { upgrade } = situation;
  const target = upgrade.targetVersion && !isNeverUpgraded(upgrade) ? ` to ${upgrade.targetVersion}` : '';
  const nodes = upgrade.currentDomain?.nodes ?? [];
  const findings = findingsOf(situation);
  const check = findings.find(({ code }) => code === 'safety-check');
  const more = pendingChecks(upgrade).length - 1;
  const others = more > 0 ? ` (and ${more} more)` : '';
  // What caused a rollback, or is over, need not stand in every line on the way.
  const isOnTheWayBack = isRollback(upgrade) && !hasEnded(upgrade);
  const [cause] = isOnTheWayBack
    ? []
    : findings.filter((one) => isAbout('cause', one) && one.severity !== 'info');
  const parts = [
    `${stateWords(situation)} (${upgrade.state || 'not sent'})`,
    nodes.length > 0 ? nodesSummary(nodes) : '',
    check ? `waits: ${inLine(check.what)}${others}` : '',
    cause ? causeInLine(cause) : '',
  ];
  return `${upgrade.deployment}${target}: ${parts.filter(Boolean).join('; ')}`;
}

/** With the first that it is known by. */
export function causeInLine({ what, evidence: [first] }: Finding): string {
  return first ? `${inLine(what)}: ${first}` : inLine(what);
}

/** As a part of a line. */
export function inLine(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
