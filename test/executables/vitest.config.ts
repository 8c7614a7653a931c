import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/executables/*.test.ts'],
    // Reached only by a test that hangs, even on a busy machine and in an emulator.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
