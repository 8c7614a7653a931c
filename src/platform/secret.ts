/** Protects text that must never be printed: passphrases, private keys, tokens, passwords of proxies. */

/**
 * Secret text. Prints as `***` in messages, JSON and stack traces. Only `reveal()` returns the text, for code that sends
 * or uses the secret.
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
