import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 15_000,
    // Much of the time goes into waiting for other processes.
    maxWorkers: 3,
    // No test changes what it imports, so they may share it.
    isolate: false,
  },
});
