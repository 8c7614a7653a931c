/** Secrets, which do not print themselves. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/platform/secret.ts';

const passphrase = 'recognisable passphrase';

describe('a secret', () => {
  it('is printed by no conversion to text, and revealed on request', () => {
    const secret = new Secret(passphrase);
    const texts = [
      `${secret}`,
      JSON.stringify({ secret }),
      inspect({ secret }, { depth: 9, showHidden: true }),
    ];
    expect(texts.join()).not.toContain(passphrase);
    expect(secret.reveal()).toBe(passphrase);
  });
});
