/** Text that must never be shown: a passphrase, a private key, a token, a proxy's password. */

/**
 * It shows itself as `***` wherever it ends up by accident: in a message, in JSON, in what a crash prints. The text
 * is given only to those who ask for it by `reveal()`, which is whoever sends or uses it.
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
