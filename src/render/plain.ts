/** The upgrade in one line, for logs. */
import { printable, timeText } from '../text.ts';
import { causesOf, type DeploymentStatus, isNeverUpgraded, type Upgrade } from '../upgrade.ts';
import { causeWords, nodesSummary, safetyCheckWords, stateWords } from '../words.ts';

export function renderPlain(upgrade: Upgrade, status: DeploymentStatus | undefined, time: Date): string {
  const target = upgrade.targetVersion && !isNeverUpgraded(upgrade) ? ` to ${upgrade.targetVersion}` : '';
  const nodes = upgrade.currentDomain?.nodes ?? [];
  const check = nodes.flatMap((node) => node.safetyChecks)[0];
  const [cause] = causesOf(upgrade.unhealthyEvaluations);
  const parts = [
    `${stateWords(upgrade, status)} (${upgrade.state || 'not sent'})`,
    nodes.length > 0 ? nodesSummary(nodes) : '',
    check ? `waits: ${safetyCheckWords(check)}` : '',
    cause ? `unhealthy: ${causeWords(cause)}` : '',
  ];
  return `${printable(`${timeText(time)} ${upgrade.deployment}${target}: ${parts.filter(Boolean).join('; ')}`)}\n`;
}
