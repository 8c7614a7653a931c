/** Upgrades, snapshots and findings, made by the client's own code from the runtime's documents. */
import { expect } from 'vitest';
import { parseApplicationUpgrade } from '../../src/cluster/wire/application-upgrade.ts';
import { parseComposeUpgrade } from '../../src/cluster/wire/compose-upgrade.ts';
import { collectFindings } from '../../src/upgrade/findings/collect.ts';
import type { Finding } from '../../src/upgrade/findings/finding.ts';
import type { DeploymentStatus, Upgrade } from '../../src/upgrade/model.ts';
import { createSnapshot, type UpgradeSnapshot } from '../../src/upgrade/snapshot.ts';
import { createApplication, type Members } from './documents.ts';

/** Facts about an upgrade beside its own document. */
export interface RelatedDocuments {
  /** Members that differ from the default record of the application; `undefined` for no record. */
  readonly application?: Members;
  readonly status?: DeploymentStatus;
  /** Names of services, by partition. */
  readonly services?: ReadonlyMap<string, string>;
  /** Documents of earlier readings, the oldest first. */
  readonly before?: readonly Members[];
}

/** Parses the document of an upgrade. */
export function parseUpgrade(document: Members): Upgrade {
  const upgrade = parseComposeUpgrade(document);
  if (upgrade === undefined) throw new Error('no document');
  return upgrade;
}

/** Builds the snapshot of a document, after those of the earlier readings. */
export function buildSnapshot(document: Members, known: RelatedDocuments = {}): UpgradeSnapshot {
  const { application, status, services = new Map(), before = [] } = known;
  const record = application && parseApplicationUpgrade(createApplication(application));
  const earlier = { status: undefined, services, application: record };
  let last: UpgradeSnapshot | undefined;
  for (const one of before) last = createSnapshot(parseUpgrade(one), earlier, last);
  return createSnapshot(parseUpgrade(document), { status, services, application: record }, last);
}

/** Collects the findings about a document. */
export function explain(document: Members, known: RelatedDocuments = {}): readonly Finding[] {
  return collectFindings(buildSnapshot(document, known));
}

/** A document, and its first finding. */
export interface FindingCase {
  readonly name: string;
  readonly code: string;
  /** Part of the finding's text. */
  readonly what: string | RegExp;
  readonly document: Members;
  readonly known?: RelatedDocuments;
}

/** Checks the first finding about a document. */
export function expectFirstFinding({ code, what, document, known }: FindingCase): void {
  const [first] = explain(document, known);
  expect(first?.code).toBe(code);
  if (typeof what === 'string') expect(first?.what).toContain(what);
  else expect(first?.what).toMatch(what);
}
