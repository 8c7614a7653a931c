/** Makes foreign text safe to print. */

declare const printableBrand: unique symbol;

/**
 * Text that is safe to print. Streams accept no other text, so that text from the cluster, a proxy, a file or the
 * command line is always passed through {@link printable}. A test lists the files that may call
 * {@link assumePrintable}.
 */
export type Printable = string & { readonly [printableBrand]: true };

const shortEscapes: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\x1b': '\\x1b',
};

/** Largest number of combining marks on one letter. No script needs more. */
const maxMarksPerLetter = 4;

/**
 * Escapes characters that must not reach a terminal or a log: control characters (C0, DEL, C1), line and paragraph separators,
 * invisible characters (those that change the writing direction, have no width or select a variant), annotation marks,
 * and lone surrogates. Also escapes a combining mark without a letter, which would join the text printed
 * before it, and marks beyond {@link maxMarksPerLetter}, because thousands of them have no width at which a line could
 * be wrapped.
 */
function escapeUnsafe(text: string, encode: (character: string) => string): string {
  // Most text is plain, and compiling the expression below takes a millisecond.
  if (/^[ -~]*$/.test(text)) return text;
  const suspect = /([\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\p{Cs}])|\p{M}/gu;
  let end = 0;
  let marksLeft = 0;
  // In pieces, because all matches of a large text take many times its memory.
  return text.replace(/.{1,10000}/gsu, (piece, start: number) =>
    piece.replace(suspect, (character, unsafe: string | undefined, at: number) => {
      const position = start + at;
      if (position > end) marksLeft = /\s/.test(text.charAt(position - 1)) ? 0 : maxMarksPerLetter;
      if (unsafe !== undefined) marksLeft = 0;
      end = position + character.length;
      return marksLeft-- > 0 ? character : encode(character);
    }),
  );
}

function escapeCodePoint(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

/**
 * Makes text from the cluster, a proxy or the command line safe to print. Escapes unsafe characters, and breaks up
 * commands to a build agent: `##vso[` and `##[` anywhere, and `::` at the start of a line, also after white space, which
 * GitHub's runner ignores.
 */
export function printable(text: string): Printable {
  return assumePrintable(
    escapeUnsafe(text, (character) => shortEscapes[character] ?? escapeCodePoint(character))
      // Normalized here because the library that wraps lines would otherwise do it later and change the text.
      // After limiting the marks, because sorting a run of marks takes quadratic time.
      .normalize()
      .replace(/##(?=\[|vso)/gi, '# #')
      .replace(/^\s*:(?=:)/, '$& '),
  );
}

/** Makes each line of a text safe to print. Keeps line breaks. */
export function printableLines(text: string): Printable {
  return joinLines(text.split('\n').map(printable));
}

/** Makes the content of a JSON string literal safe to print, with escapes that preserve its value. */
export function printableInJson(literal: string): Printable {
  return assumePrintable(
    escapeUnsafe(literal, (character) =>
      // A JSON escape stands for one UTF-16 code unit.
      character.length === 1
        ? escapeCodePoint(character)
        : [0, 1].map((unit) => escapeCodePoint(character.charAt(unit))).join(''),
    ).replace(/##(?=\[|vso)/gi, '\\u0023#'),
  );
}

/** Template tag that accepts only printable text: literal`sfcompose: ${text}\n`. */
export function literal(
  template: TemplateStringsArray,
  ...parts: readonly (Printable | number)[]
): Printable {
  return assumePrintable(String.raw({ raw: template }, ...parts));
}

/** Joins lines with line breaks. */
export function joinLines(lines: readonly Printable[]): Printable {
  return assumePrintable(lines.join('\n'));
}

/** Declares text to be printable that a library or a cut made from printable text. */
export function assumePrintable(text: string): Printable {
  return text as Printable;
}
