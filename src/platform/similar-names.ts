/** Finds names that are similar to a misspelt name. Pure. */

/** Largest edit distance between similar names. */
const maxChanges = 3;

/** Share of the characters that similar names have in common, from 0 to 1. */
const minSimilarity = 0.4;

/** Longest name that is compared, in characters: longer names are not typed by hand, and comparing them is slow. */
const maxComparedLength = 100;

/** Returns similar names, ordered by edit distance regardless of case. */
export function findSimilar(name: string, names: readonly string[]): readonly string[] {
  const lowerCase = name.toLowerCase();
  return names
    .map((other) => ({ other, changes: countChanges(lowerCase, other.toLowerCase()) }))
    .filter(({ other, changes }) => isSimilar(changes, Math.max(name.length, other.length)))
    .sort((a, b) => a.changes - b.changes)
    .map(({ other }) => other);
}

function isSimilar(changes: number, length: number): boolean {
  return changes <= maxChanges && (length - changes) / length > minSimilarity;
}

/**
 * Counts insertions, deletions, substitutions and swaps of neighbouring characters; `Infinity` above
 * {@link maxChanges}.
 * https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance#Optimal_string_alignment_distance
 */
function countChanges(one: string, other: string): number {
  if (one === other) return 0;
  const isFar = Math.abs(one.length - other.length) > maxChanges;
  if (isFar || one.length > maxComparedLength) return Infinity;
  let lastButOne: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    // Cells further from the diagonal exceed the limit.
    for (let j = Math.max(1, i - maxChanges); j <= Math.min(other.length, i + maxChanges); j++) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row[j] = Math.min(
        getCell(last, j) + 1,
        getCell(row, j - 1) + 1,
        getCell(last, j - 1) + (isSame ? 0 : 1),
        isSwapped ? getCell(lastButOne, j - 2) + 1 : Infinity,
      );
    }
    [lastButOne, last] = [last, row];
  }
  return getCell(last, other.length);
}

function getCell(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
