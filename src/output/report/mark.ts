/** Marks of states in reports. They mean the same as on screens. Pure. */
import { getOutcomeWord, type Outcome } from '../../platform/outcome.ts';

/** The name of a glyph. */
export type Mark = 'done' | 'busy' | 'act' | 'bad' | 'back' | 'pending';

/** Selects the mark of an outcome. */
export function selectOutcomeMark(outcome: Outcome): Mark {
  if (outcome === 'completed') return 'done';
  if (outcome === 'in-progress') return 'busy';
  return ['timed-out', 'interrupted'].includes(getOutcomeWord(outcome)) ? 'act' : 'bad';
}
