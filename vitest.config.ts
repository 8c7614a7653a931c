import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Only a test that hangs takes this long, even on a busy machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Each worker loads all of the code: more workers than cores take longer.
    maxWorkers: '100%',
    // Titles of tests in tables are whole sentences, which the default of 40 characters would cut off.
    chaiConfig: { truncateThreshold: 200 },
    // Tests do not change the modules that they import, so files can share them.
    isolate: false,
  },
});
