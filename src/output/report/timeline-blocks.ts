/** Builds the parts of a report that watches and histories share: a timeline, and containers that exited. Pure. */
import { formatProseTime } from '../../platform/format.ts';
import type { ContainerExitedEvent } from '../../upgrade/events.ts';
import type { Versions } from '../../upgrade/headline.ts';
import { explainExitCode } from '../../upgrade/health/exit-codes.ts';
import { selectGlyphs } from '../glyphs.ts';
import { formatClockTime } from '../upgrade-screen/clock-time.ts';
import type { Block } from './document.ts';
import type { Span, Timeline } from './timeline.ts';
import { formatSpan } from './timeline-svg.ts';

const glyphs = selectGlyphs({});

/** Builds the drawing of a timeline and its table; empty if it has no rows. */
export function buildTimelineBlocks(
  deployment: string,
  timeline: Timeline,
  { from, to }: Versions,
): readonly Block[] {
  const { rows, startedAt, offset } = timeline;
  if (rows.length === 0) return [];
  const hasBack = rows.some(({ back }) => back !== undefined);
  const [forwardTo, backTo] = hasBack ? [from, to] : [to, undefined];
  const formatClock = (time: number) =>
    startedAt ? formatClockTime(new Date(startedAt.getTime() + time - offset), startedAt) : '';
  const formatBegin = (span: Span | undefined) => (span?.took === undefined ? '' : formatClock(span.began));
  const describe = (span: Span | undefined) => {
    if (span === undefined) return '';
    return span.took === undefined ? `until ${formatClock(span.began)}` : formatSpan(span);
  };
  const table = {
    kind: 'table',
    columns: [
      { title: 'Upgrade domain' },
      { title: 'State' },
      { title: 'Began (UTC)', isNumber: true },
      { title: forwardTo ? `To ${forwardTo}` : 'Forward', isNumber: true },
      ...(hasBack ? [{ title: backTo ? `Back to ${backTo}` : 'Back', isNumber: true }] : []),
    ],
    rows: rows.map(({ mark, name, state, forward, back }) => [
      mark ? `${glyphs[mark]} ${name}` : name,
      state,
      // The stages have no times on the cluster's clock.
      mark ? formatBegin(forward ?? back) : '',
      describe(forward),
      ...(hasBack ? [describe(back)] : []),
    ]),
  } as const;
  const isTimed = timeline.length > 0;
  return [
    ...(isTimed ? [{ kind: 'timeline', title: `Timeline of ${deployment}`, timeline } as const] : []),
    table,
  ];
}

/** Builds the table of containers that exited; empty without any. */
export function buildExits(exits: readonly ContainerExitedEvent[]): readonly Block[] {
  if (exits.length === 0) return [];
  return [
    {
      kind: 'table',
      columns: [{ title: 'Time (UTC)' }, { title: 'Container' }, { title: 'Node' }, { title: 'Exit' }],
      rows: exits.map(({ at, service, codePackage, node, exitCode }) => [
        formatProseTime(at).replace(' UTC', ''),
        [codePackage, service].filter((name) => name !== undefined).join(' of '),
        node ?? '',
        describeExit(exitCode),
      ]),
    },
  ];
}

function describeExit(code: number | undefined): string {
  if (code === undefined) return 'Exit code unknown.';
  const text = `Exit code ${code}`;
  return explainExitCode(text) ?? `${text}.`;
}
