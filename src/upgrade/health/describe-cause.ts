/** Describes causes of ill health in sentences. Pure. */
import { endSentence, formatProseTime } from '../../platform/format.ts';
import { type ExcerptLimits, excerpt, excerptInline } from '../../platform/report-text.ts';
import type { HealthState } from '../enums.ts';
import type { HealthEvent } from '../model.ts';
import { nameNodes } from '../names.ts';
import { findService, type HealthCause, isOlder } from './causes.ts';
import { explainExitCode } from './exit-codes.ts';
import { maskIdentifiers, trimProperty } from './identifiers.ts';

/** Nodes that a cause names. */
const maxNodes = 10;

/**
 * Describes a cause: the report, which can have several lines, what its exit code means, then advice and its source.
 * @param services names of services by partition
 * @param startedAt start of the upgrade, if that is known
 */
export function describeCause(
  cause: HealthCause,
  services: ReadonlyMap<string, string>,
  startedAt: Date | undefined,
  limits: ExcerptLimits,
  hints: readonly string[] = [],
): readonly string[] {
  const { evaluation, text } = cause;
  const lead = describeSubject(cause, services);
  const report = text && endSentence(excerpt(text, limits));
  const source = describeSource(cause, { hasText: report !== '', isDated: true });
  const meaning = explainExitCode(text);
  return [
    `${lead}${report || source}`,
    ...(meaning === undefined ? [] : [meaning]),
    ...(isOlder(cause, startedAt) && startedAt
      ? [`This is older than the upgrade, which began at ${formatProseTime(startedAt)}.`]
      : []),
    ...hints,
    ...(report && evaluation.event ? [source] : []),
  ];
}

/** Describes a cause as {@link describeCause} does, in one line that stays the same while the report is repeated. */
export function describeCauseInline(
  cause: HealthCause,
  services: ReadonlyMap<string, string>,
  startedAt: Date | undefined,
  limits: ExcerptLimits,
): string {
  const report = cause.text && endSentence(maskIdentifiers(excerptInline(cause.text, limits)));
  return [
    `${describeSubject(cause, services)}${report || describeSource(cause, { hasText: false, isDated: false })}`,
    explainExitCode(cause.text),
    isOlder(cause, startedAt) ? 'This is older than the upgrade.' : undefined,
  ]
    .filter(Boolean)
    .join(' ');
}

/** Names the service and the nodes before a report, unless it names them itself: `fabric:/web/web on _node_1: `. */
function describeSubject(cause: HealthCause, services: ReadonlyMap<string, string>): string {
  const { nodes, text } = cause;
  const service = findService(cause, services);
  const isNodeNamed = nodes.length === 1 && nodes.every((node) => isNamedIn(text, node));
  const on = nodes.length === 0 || isNodeNamed ? '' : `on ${nameNodes(nodes, maxNodes)}`;
  const subject = [service && !isNamedIn(text, service) ? service : '', on].filter(Boolean).join(' ');
  if (subject === '') return '';
  return subject.startsWith('on ') ? `O${subject.slice(1)}: ` : `${subject}: `;
}

/** Reports whether a text has a name, and not only as the beginning of a longer one. A short name may stand by chance. */
function isNamedIn(text: string, name: string): boolean {
  const [, ...rests] = text.split(name);
  return name.length >= 3 && rests.some((rest) => !/^(?:[\w-]|[./]\w)/.test(rest));
}

/** Describes who reports a cause, and since when: `Reported by System.Hosting for CodePackageActivation:…, since …` */
function describeSource(
  { evaluation, count, nodes, since }: HealthCause,
  { hasText, isDated }: { readonly hasText: boolean; readonly isDated: boolean },
): string {
  const { event, kind, healthState } = evaluation;
  const times = nodes.length <= 1 && count > 1 ? ` (${count} times)` : '';
  if (event === undefined) return `${kind ?? 'The entity'} is unhealthy${times}.`;
  const state = event.healthState ?? healthState;
  const isError = state === undefined || state === 'Error';
  const as = isError && hasText ? '' : ` as ${state ?? 'unhealthy'}`;
  const report = `Reported${as} by ${event.source} for ${trimProperty(event.property)}${times}`;
  return `${report}${describeReportState(event, healthState, isDated ? since : undefined)}.`;
}

/** Collects the data that {@link describeCauseInline} describes. A repeated report does not change the data. */
export function getCauseFacts(cause: HealthCause, startedAt: Date | undefined): readonly unknown[] {
  const { evaluation, where, nodes, text } = cause;
  const { event, kind, healthState } = evaluation;
  const report = event && [
    event.source,
    trimProperty(event.property),
    event.healthState ?? healthState,
    isEscalated(event, healthState),
    event.expired,
  ];
  const service = [where.get('application'), where.get('service'), where.get('service package')];
  return [kind, report, maskIdentifiers(text), service, nodes, isOlder(cause, startedAt)];
}

/** Describes how the policy judges a report, whether the report has expired, and since when the state holds. */
export function describeReportState(
  event: HealthEvent,
  judged: HealthState | undefined,
  since: Date | undefined,
): string {
  return [
    isEscalated(event, judged) ? ', treated as an error' : '',
    event.expired ? ', expired' : '',
    since ? `, since ${formatProseTime(since)}` : '',
  ].join('');
}

/** Reports whether the health policy takes a warning for an error. */
function isEscalated({ healthState }: HealthEvent, judged: HealthState | undefined): boolean {
  return healthState === 'Warning' && judged === 'Error';
}
