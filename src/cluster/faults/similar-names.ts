/** Names that may have been meant. Pure. */

/** Changes that turn one name into another that may have been meant. */
const maxChanges = 3;

/** How much of two names must be alike, from 0 to 1. */
const minSimilarity = 0.4;

/** Characters. What is longer is not typed, and takes its time. */
const maxComparedLength = 100;

/** @returns the names that are like it, the likeliest first: those in another letter case, then by the number of changes */
export function findSimilar(wanted: string, names: readonly string[]): readonly string[] {
  const context = wanted.toLowerCase();
  return names
    .map((name) => ({ name, changes: countChanges(context, name.toLowerCase()) }))
    .filter(({ name, changes }) => isSimilar(changes, Math.max(wanted.length, name.length)))
    .sort((a, b) => a.changes - b.changes)
    .map(({ name }) => name);
}

function isSimilar(changes: number, length: number): boolean {
  return changes <= maxChanges && (length - changes) / length > minSimilarity;
}

/**
 * Characters put in, left out, taken for others, or swapped with the one beside them.
 * https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance#Optimal_string_alignment_distance
 */
function countChanges(one: string, other: string): number {
  if (one === other) return 0;
  const isFar = Math.abs(one.length - other.length) > maxChanges;
  if (isFar || one.length > maxComparedLength) return Number.POSITIVE_INFINITY;
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    // Further away from the diagonal there are more changes than are looked for.
    for (let j = Math.max(1, i - maxChanges); j <= Math.min(other.length, i + maxChanges); j++) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row[j] = Math.min(
        getCell(last, j) + 1,
        getCell(row, j - 1) + 1,
        getCell(last, j - 1) + (isSame ? 0 : 1),
        isSwapped ? getCell(before, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, last] = [last, row];
  }
  return getCell(last, other.length);
}

function getCell(row: readonly number[], place: number): number {
  return row[place] ?? Number.POSITIVE_INFINITY;
}
