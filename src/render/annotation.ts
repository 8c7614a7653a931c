/** What to point out in the log of a build. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly lines: readonly string[];
}

/** Characters of one annotation at most. */
export const mostText = 4000;
