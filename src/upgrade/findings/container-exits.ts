/** Adds the containers that exited, from the cluster's events, to a finding that lacks a cause. */
import { formatCount, formatProseTime } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { excerptInline } from '../../platform/report-text.ts';
import type { ContainerExitedEvent } from '../events.ts';
import { findExitCode } from '../health/exit-codes.ts';
import { nameNodes } from '../names.ts';
import { type ExitGroup, explainExits, foldExits } from '../past-upgrade-wording.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { findFailure, findStart } from '../times.ts';
import { type Finding, type FindingCode, isAbout } from './finding.ts';
import { buildContainerLogs } from './sfctl-commands.ts';

/** Groups of exits that are listed, and nodes of each. */
const maxGroups = 3;
const maxNodes = 5;

/** Waits that a container which does not keep running can cause. */
const waitCodes: readonly FindingCode[] = ['safety-check', 'slow-nodes'];

/** Finds the finding that the exit of a container can explain; `undefined` if there is none, or a report names an exit. */
export function findUnexplained(findings: readonly Finding[]): Finding | undefined {
  const texts = findings.flatMap(({ what, evidence, causes = [] }) => [what, ...evidence, ...causes]);
  if (texts.some((text) => findExitCode(text) !== undefined)) return undefined;
  return findings.find(
    (one) => one.severity !== 'info' && (isAbout('cause', one) || waitCodes.includes(one.code)),
  );
}

/** Adds the exits between the start of the upgrade and its failure to the finding that lacks them. */
export function addExits(findings: readonly Finding[], snapshot: UpgradeSnapshot): readonly Finding[] {
  const unexplained = snapshot.past ? findUnexplained(findings) : undefined;
  const exits = unexplained ? listExits(snapshot) : [];
  if (exits.length === 0) return findings;
  const groups = foldExits(exits);
  const left = groups.slice(maxGroups).reduce((sum, { count }) => sum + count, 0);
  const lines = [
    ...groups.slice(0, maxGroups).flatMap((group) => explainGroup(group, snapshot)),
    ...(left > 0 ? [`And ${formatCount(left, 'more exit')}.`] : []),
  ];
  return findings.map((one) =>
    one === unexplained
      ? {
          ...one,
          evidence: [...one.evidence, ...lines],
          next: [...exits.flatMap((exit) => suggestLog(exit, snapshot)).slice(0, 1), ...one.next],
        }
      : one,
  );
}

/** Lists the exits of the rollout. Those of a rollback are no cause. */
function listExits(snapshot: UpgradeSnapshot): readonly ContainerExitedEvent[] {
  const start = findStart(snapshot)?.getTime();
  const end = findFailure(snapshot)?.getTime() ?? Infinity;
  const exits = snapshot.past?.exits ?? [];
  if (start === undefined) return [];
  return exits
    .filter(({ at }) => at.getTime() >= start && at.getTime() <= end)
    .sort((one, other) => one.at.getTime() - other.at.getTime());
}

/** Suggests the log of the container. Compose calls the package of service `web` `webPkg` (`DockerComposeUtils.cs`). */
function suggestLog(
  { service, codePackage, node }: ContainerExitedEvent,
  snapshot: UpgradeSnapshot,
): readonly NextStep[] {
  const name = service?.split('/').at(-1);
  if (!name || codePackage === undefined || node === undefined) return [];
  const container = { node, servicePackage: `${name}Pkg`, codePackage, isPrevious: true };
  return [
    {
      what: `Read its log on ${nameNodes([node], 1)}`,
      command: buildContainerLogs(snapshot, container),
    },
  ];
}

/** Explains exits, and their code: `The container of web on _node_1 exited with code 137 at …` */
function explainGroup(group: ExitGroup, { upgrade }: UpgradeSnapshot): readonly string[] {
  const { service, exitCode, count, firstAt, nodes } = group;
  const prefix = `${upgrade.application ?? ''}/`;
  const name = service?.startsWith(prefix) ? service.slice(prefix.length) : service;
  const what = [
    name ? `The container of ${excerptInline(name)}` : 'A container',
    ...(nodes.length > 0 ? [`on ${nameNodes(nodes, maxNodes)}`] : []),
    'exited',
    ...(exitCode === undefined ? [] : [`with code ${exitCode}`]),
  ].join(' ');
  const at = formatProseTime(firstAt);
  // Events can be missing.
  const when = count === 1 ? ` at ${at}` : ` at least ${count} times since ${at}`;
  const meaning = explainExits(group);
  return [`${what}${when}.`, ...(meaning === undefined ? [] : [meaning])];
}
