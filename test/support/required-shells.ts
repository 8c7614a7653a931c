/** Whether the POSIX shells that tests use must be installed, as in CI. Otherwise missing ones are left out, by name. */
export const areShellsRequired = process.env['SFCOMPOSE_TEST_SHELLS'] === 'required';
