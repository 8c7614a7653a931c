/** Findings on an upgrade: their shape, their codes, and how to create one. Pure. */
import type { NextStep } from '../../platform/next-step.ts';
import { excerptInline } from '../../platform/report-text.ts';

/** One finding on an upgrade, such as the cause of a rollback, or what the upgrade waits for. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /**
   * One sentence, without a full stop, that names its subject. The text has no clocks, so that it stays the same until the
   * upgrade moves.
   */
  readonly what: string;
  /** Entities that the finding is about. */
  readonly where: readonly Place[];
  /** Supporting facts and consequences: sentences with a full stop. */
  readonly evidence: readonly string[];
  /** The distinct causes among the evidence, in one line each. */
  readonly causes?: readonly string[];
  readonly next: readonly NextStep[];
}

/** How much a finding matters. */
export type Severity = 'error' | 'warning' | 'info';

/** An entity that a finding is about. */
export interface Place {
  readonly kind: 'upgrade domain' | 'node' | 'service' | 'partition';
  readonly name: string;
}

/** Turns the first names into places. */
export function toPlaces(kind: Place['kind'], names: readonly string[], max: number): readonly Place[] {
  return names.slice(0, max).map((name) => ({ kind, name }));
}

/** Topic of a finding: the cause of trouble, what the upgrade waits for, how long it takes, or a note. */
export type Topic = 'cause' | 'wait' | 'time' | 'note';

/** The topic of each code. Scripts rely on the codes: later versions only add new ones. */
export const topics = {
  unhealthy: 'cause',
  'domain-timeout': 'cause',
  'upgrade-timeout': 'cause',
  timeout: 'cause',
  requested: 'cause',
  'processing-failure': 'cause',
  'rolled-back-before-rollout': 'cause',
  'cause-unknown': 'cause',
  'provisioning-failed': 'cause',
  'upgrade-failed': 'cause',
  contradiction: 'cause',
  removed: 'cause',
  'creation-failed': 'cause',
  approval: 'wait',
  'health-check': 'wait',
  'safety-check': 'wait',
  provisioning: 'wait',
  unprovisioning: 'wait',
  'slow-nodes': 'wait',
  'late-start': 'wait',
  estimate: 'time',
  'timeout-ahead': 'time',
  overdue: 'wait',
  'never-upgraded': 'note',
  'unknown-state': 'note',
  'health-warnings': 'note',
  'health-unchecked': 'note',
  'record-differs': 'note',
} as const satisfies Record<string, Topic>;

/** Code of a finding. */
export type FindingCode = keyof typeof topics;

/** Reports whether a finding has the topic. */
export function isAbout(topic: Topic, { code }: Finding): boolean {
  return topics[code] === topic;
}

/** Creates a finding. Members that are left out are empty. */
export function createFinding(
  code: FindingCode,
  severity: Severity,
  what: string,
  more: Partial<Pick<Finding, 'where' | 'evidence' | 'causes' | 'next'>> = {},
): Finding {
  return { code, severity, what, where: [], evidence: [], next: [], ...more };
}

/** Describes a finding in one line of sentences, with all causes, or else its first evidence. */
export function describeFindingInline({ what, evidence, causes }: Finding): string {
  const sentences = causes ?? evidence.slice(0, 1).map((sentence) => excerptInline(sentence));
  return [`${what}.`, ...sentences].join(' ');
}
