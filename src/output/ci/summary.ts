/** Formats the job summary of GitHub Actions: the verdict, its causes, domains or deployments, and next steps. */
import { listNotes } from '../../monitor/list-warnings.ts';
import type { BuildResult } from '../../monitor/result.ts';
import { nameDeployment } from '../../monitor/target.ts';
import type { Explanation } from '../../platform/errors.ts';
import { formatElapsed, formatProseTime } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { getOutcomeWord } from '../../platform/outcome.ts';
import { joinLines, literal, type Printable } from '../../platform/printable.ts';
import { type Domain, listDomains, listUnreachedDomains } from '../../upgrade/domain-progress.ts';
import { collectNextSteps } from '../../upgrade/findings/collect.ts';
import { describeFindingInline } from '../../upgrade/findings/finding.ts';
import { endedBeforeRollout, type UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { isHealthCheck } from '../../upgrade/state.ts';
import { listDetails } from './annotation.ts';
import { escapeMarkdown, formatCodeBlock, formatMarkdownList, formatMarkdownTable } from './markdown.ts';

/** Limits on lines, rows and next steps. */
const maxListed = 50;

/** Formats Markdown for the file that `GITHUB_STEP_SUMMARY` names. */
export function formatSummary(result: BuildResult, explanation: Explanation | undefined): Printable {
  const { outcome, exitCode, targetVersion, reason, snapshot, deployments } = result;
  // The table of the deployments has their causes.
  const details = explanation && deployments.length === 0 ? listDetails(explanation) : [];
  const notes = !explanation && snapshot && outcome === 'completed' ? listNotes(snapshot) : [];
  const sections = [
    literal`### ${selectMark(result)} ${escapeMarkdown(explanation?.what ?? reason)}`,
    formatMarkdownList([...details, ...notes.map(describeFindingInline)].slice(0, maxListed)),
    ...(snapshot ? formatDomains(snapshot) : []),
    formatDeployments(deployments),
    ...(explanation?.next ?? collectNextSteps(notes)).slice(0, maxListed).flatMap(formatStepSections),
    escapeMarkdown(
      `sfcompose: ${getOutcomeWord(outcome)}, exit code ${exitCode}${targetVersion ? `, target version ${targetVersion}` : ''}`,
    ),
  ];
  const lines = sections.filter((section) => section !== '').flatMap((section) => [section, literal``]);
  return literal`${joinLines(lines)}\n`;
}

function selectMark({ outcome }: BuildResult): Printable {
  if (outcome === 'completed') return literal`\u2705`;
  return outcome === 'in-progress' ? literal`\u23f3` : literal`\u274c`;
}

/** Formats the domains with their times, and when the upgrade began and how long it took. */
function formatDomains(snapshot: UpgradeSnapshot): readonly Printable[] {
  const { upgrade, application } = snapshot;
  const { list, isComplete } = listDomains(snapshot);
  if (!isComplete || endedBeforeRollout(snapshot)) return [];
  const rows = list
    .slice(0, maxListed)
    .map((domain) => [
      domain.name,
      describeDomainState(domain, snapshot),
      formatDomainTime(domain, snapshot),
    ]);
  const startedAt = upgrade.startedAt ?? application?.startedAt;
  const facts = [
    ...(startedAt ? [`Started ${formatProseTime(startedAt)}.`] : []),
    ...(upgrade.duration ? [`Upgrade time ${formatElapsed(upgrade.duration)}.`] : []),
  ];
  return [
    formatMarkdownTable(['Upgrade domain', 'State', 'Time'], [':--', ':--', '--:'], rows),
    escapeMarkdown(facts.join(' ')),
  ];
}

/** Describes the state of an upgrade domain: `on v2`, `checking health`, `not started`. */
export function describeDomainState({ name, state }: Domain, snapshot: UpgradeSnapshot): string {
  const { upgrade } = snapshot;
  if (listUnreachedDomains(snapshot).includes(name)) return 'not started';
  switch (state) {
    case 'done':
      return upgrade.targetVersion ? `on ${upgrade.targetVersion}` : 'done';
    case 'current':
      return isHealthCheck(upgrade) ? 'checking health' : 'under way';
    case 'next':
      return 'waiting';
    default:
      return state;
  }
}

function formatDomainTime({ name, took }: Domain, { upgrade }: UpgradeSnapshot): string {
  const isCurrent = upgrade.currentDomain?.name === name && upgrade.currentDomain.nodes.length > 0;
  const time = took ?? (isCurrent ? upgrade.domainDuration : undefined);
  return time === undefined ? '' : formatElapsed(time);
}

function formatDeployments(deployments: BuildResult['deployments']): Printable {
  if (deployments.length === 0) return literal``;
  const rows = deployments.slice(0, maxListed).map(({ deployment, cluster, reason }) => {
    const name = nameDeployment(deployment, cluster);
    const prefix = `${name}: `;
    return [name, reason.startsWith(prefix) ? reason.slice(prefix.length) : reason];
  });
  return formatMarkdownTable(['Deployment', 'State'], [':--', ':--'], rows);
}

function formatStepSections({ what, command }: NextStep): readonly Printable[] {
  return command === undefined
    ? [escapeMarkdown(what)]
    : [escapeMarkdown(`${what}:`), formatCodeBlock(command)];
}
