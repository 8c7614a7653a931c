/** Builds sentences of explanations. Pure. */

/** Adds a detail in parentheses to the end of a sentence: `Connection refused: http://… (3 tries).` */
export function addDetail(sentence: string, detail: string): string {
  return sentence.replace(/\.$/, ` (${detail}).`);
}
