/** Upgrades, snapshots and findings, as the client makes them from the runtime's documents. */
import { expect } from 'vitest';
import { readApplicationUpgrade } from '../../src/cluster/wire/application-upgrade.ts';
import { readComposeUpgrade } from '../../src/cluster/wire/compose-upgrade.ts';
import { collectFindings } from '../../src/upgrade/findings/collect.ts';
import type { Finding } from '../../src/upgrade/findings/finding.ts';
import type { DeploymentStatus, Upgrade } from '../../src/upgrade/model.ts';
import { createSnapshot, type UpgradeSnapshot } from '../../src/upgrade/snapshot.ts';
import { applicationForm, type Members } from './documents.ts';

/** What is known of an upgrade beside its own document. */
export interface Known {
  /** Members of the application's record; without them there is no record. */
  readonly application?: Members;
  readonly status?: DeploymentStatus;
  /** Names of services by their partitions. */
  readonly services?: ReadonlyMap<string, string>;
  /** Documents that were read before, the oldest first. */
  readonly before?: readonly Members[];
}

/** Reads a document that must be one of an upgrade. */
export function parseUpgrade(document: Members): Upgrade {
  const upgrade = readComposeUpgrade(document);
  if (upgrade === undefined) throw new Error('no document');
  return upgrade;
}

export function buildSnapshot(document: Members, known: Known = {}): UpgradeSnapshot {
  const { application, status, services = new Map(), before = [] } = known;
  const record = application && readApplicationUpgrade(applicationForm(application));
  const earlier = { status: undefined, services, application: record };
  let last: UpgradeSnapshot | undefined;
  for (const one of before) last = createSnapshot(parseUpgrade(one), earlier, last);
  return createSnapshot(parseUpgrade(document), { status, services, application: record }, last);
}

export function explain(document: Members, known: Known = {}): readonly Finding[] {
  return collectFindings(buildSnapshot(document, known));
}

/** A document, and the finding that comes first for it. */
export interface FindingCase {
  readonly name: string;
  readonly code: string;
  /** Part of the finding's sentence. */
  readonly what: string | RegExp;
  readonly document: Members;
  readonly known?: Known;
}

export function expectFirstFinding({ code, what, document, known }: FindingCase): void {
  const [first] = explain(document, known);
  expect(first?.code).toBe(code);
  if (typeof what === 'string') expect(first?.what).toContain(what);
  else expect(first?.what).toMatch(what);
}
