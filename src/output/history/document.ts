/** Renders past upgrades for scripts. Members that no event reports are null. */
import { literal, type Printable } from '../../platform/printable.ts';
import type { ContainerExitedEvent } from '../../upgrade/events.ts';
import type { Duration } from '../../upgrade/model.ts';
import type { PastDomain, PastUpgrade } from '../../upgrade/past-upgrade.ts';
import { compactJson } from '../json/document.ts';
import { schema } from '../json/records.ts';

/** The subject of a history. */
export interface HistorySubject {
  readonly deployment: string;
  /** Name of the stored cluster; `undefined` for any other cluster. */
  readonly cluster: string | undefined;
  /** Name for screens: that of the stored cluster, else host and port. */
  readonly clusterName: string;
  readonly span: { readonly from: Date; readonly to: Date };
}

/** Renders a history as one JSON document. */
export function renderHistoryJson(
  { deployment, cluster, span }: HistorySubject,
  upgrades: readonly PastUpgrade[],
): string {
  const { from, to } = span;
  return JSON.stringify({
    deployment,
    cluster: cluster ?? null,
    from,
    to,
    upgrades: upgrades.map(toMembers),
  });
}

/** Renders an upgrade as an ndjson record. */
export function renderPastUpgradeRecord(
  { deployment, cluster }: HistorySubject,
  upgrade: PastUpgrade,
  time: Date,
): Printable {
  const record = {
    type: 'upgrade',
    time: time.toISOString(),
    schema,
    deployment,
    cluster: cluster ?? null,
    upgrade: toMembers(upgrade),
  };
  return literal`${compactJson(JSON.stringify(record))}\n`;
}

function toMembers(upgrade: PastUpgrade) {
  const { from, to, startedAt, endedAt, result, mode, failureAction, failureReason } = upgrade;
  return {
    from: from ?? null,
    to: to ?? null,
    startedAt: startedAt ?? null,
    endedAt: endedAt ?? null,
    elapsedSeconds: toSeconds(upgrade.took),
    result,
    mode: mode ?? null,
    failureAction: failureAction ?? null,
    failureReason: failureReason ?? null,
    rollbackStartedAt: upgrade.rollbackStartedAt ?? null,
    forward: upgrade.forward.map(toDomainMembers),
    back: upgrade.back.map(toDomainMembers),
    containerExits: upgrade.exits.map(toExitMembers),
  };
}

function toDomainMembers({ name, completedAt, took }: PastDomain) {
  return { name, completedAt, elapsedSeconds: toSeconds(took) };
}

function toExitMembers({ at, service, codePackage, image, node, exitCode }: ContainerExitedEvent) {
  return {
    time: at,
    service: service ?? null,
    codePackage: codePackage ?? null,
    image: image ?? null,
    node: node ?? null,
    exitCode: exitCode ?? null,
  };
}

function toSeconds(duration: Duration | undefined): number | null {
  return duration === undefined ? null : Math.round(duration) / 1000;
}
