/** One thing there is to say of an upgrade. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** A sentence that stays as it is while nothing moves: no clock is in it. */
  readonly what: string;
  /** The entities that it is about. */
  readonly where: readonly Place[];
  /** What it is known by, and what follows from it, one thing each. */
  readonly evidence: readonly string[];
  /** What can be done, one thing each. Commands in it can be typed as they are. */
  readonly next: readonly string[];
}

export type Severity = 'error' | 'warning' | 'info';

export interface Place {
  readonly kind: 'upgrade domain' | 'node' | 'service' | 'partition';
  readonly name: string;
}

/** The first of them, as places. */
export function toPlaces(kind: Place['kind'], names: readonly string[], most: number): readonly Place[] {
  return names.slice(0, most).map((name) => ({ kind, name }));
}

/** What a finding tells: why it went wrong, what is waited for, how long still, or what else there is to know. */
export type Topic = 'cause' | 'wait' | 'time' | 'note';

/** The codes are promised to scripts: later versions only add. */
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
  person: 'wait',
  'health-check': 'wait',
  'safety-check': 'wait',
  provisioning: 'wait',
  unprovisioning: 'wait',
  'slow-nodes': 'wait',
  estimate: 'time',
  'timeout-ahead': 'time',
  'never-upgraded': 'note',
  'unknown-state': 'note',
} as const satisfies Record<string, Topic>;

export type FindingCode = keyof typeof topics;

export function isAbout(topic: Topic, { code }: Finding): boolean {
  return topics[code] === topic;
}

export function createErrorFinding(code: FindingCode, what: string): Finding {
  return { code, severity: 'error', what, where: [], evidence: [], next: [] };
}
