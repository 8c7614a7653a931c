import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Needs Wine; see package.json.
    exclude: ['test/windows/**'],
    // Reached only by a test that hangs, even on a busy machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // More workers than cores are slower, because each loads all code.
    maxWorkers: '100%',
    // The default of 40 characters would truncate test titles that come from tables.
    chaiConfig: { truncateThreshold: 200 },
    // Files can share modules, because tests do not change the modules that they import.
    isolate: false,
  },
});
