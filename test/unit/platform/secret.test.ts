/** Secrets do not print themselves. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/platform/secret.ts';

const passphrase = 'recognisable passphrase';

describe('a secret', () => {
  it('a secret shows itself to nobody who does not ask for it', () => {
    const secret = new Secret(passphrase);
    const shown = [
      `${secret}`,
      JSON.stringify({ secret }),
      inspect({ secret }, { depth: 9, showHidden: true }),
    ];
    expect(shown.join()).not.toContain(passphrase);
    expect(secret.reveal()).toBe(passphrase);
  });
});
