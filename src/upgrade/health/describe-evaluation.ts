/** Describes one evaluation of the tree, for the whole tree. Pure. */
import type { HealthState } from '../enums.ts';
import type { HealthEvaluation, HealthEvent } from '../model.ts';
import { getStateSince } from './causes.ts';
import { describeReportState } from './describe-cause.ts';
import { describeShare } from './share.ts';

/** Describes an evaluation with all that the cluster sent. A report can have several lines. */
export function describeEvaluation(evaluation: HealthEvaluation): string {
  const { kind, healthState, event, description, baseline } = evaluation;
  const facts = [
    evaluation.subject.map(([noun, name]) => `${noun} ${name}`).join(', '),
    describeShare(evaluation),
    baseline ? `${baseline.errorCount} of ${baseline.totalCount} before` : '',
    event ? describeReport(event, healthState) : '',
    description,
    evaluation.others.map(({ name, value }) => `${name} ${value}`).join(', '),
  ]
    .map((fact) => fact?.replace(/\.$/, ''))
    .filter(Boolean);
  return `${healthState ?? ''} ${kind ?? ''}${facts.length > 0 ? `: ${facts.join('; ')}` : ''}`;
}

function describeReport(event: HealthEvent, judged: HealthState | undefined): string {
  const { source, property, description, healthState } = event;
  const head = `${source} reported ${healthState ?? judged ?? ''} for ${property}${describeReportState(event, judged, getStateSince(event))}`;
  return description === undefined ? head : `${head}: ${description}`;
}
