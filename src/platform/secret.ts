/** Text that must never be printed: a passphrase, a private key, a token, the password of a proxy. */

/**
 * Prints as `***` wherever it ends up by accident: in a message, in JSON, or in a stack trace. Only `reveal()` returns
 * the text, for code that sends or uses it.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***';
  }
}
