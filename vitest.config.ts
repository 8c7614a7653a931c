import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Only what hangs takes that long, however busy the machine is.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Each of them loads all that is tested: more than there are cores cost more than they bring.
    maxWorkers: '100%',
    // Titles of tests in tables hold whole sentences, which the default of 40 characters would cut off.
    chaiConfig: { truncateThreshold: 200 },
    // No test changes what it imports, so they may share it.
    isolate: false,
  },
});
