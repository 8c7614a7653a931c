import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/windows/**/*.test.ts'],
    globalSetup: 'test/windows/install.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
    // All tests share the folder of the user.
    fileParallelism: false,
    isolate: false,
    chaiConfig: { truncateThreshold: 200 },
  },
});
