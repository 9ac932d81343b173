/** Present where the program was started with `--expose-gc`, as `sluice serve` does. */
const collect = (globalThis as { readonly gc?: (options: object) => unknown }).gc;
const everyBytes = 24 * 1024 * 1024;
let passedBytes = 0;

/**
 * Notes that so many bytes of buffers were used up. Now and then it has them collected: the collector sees little of a
 * large result, whose bytes lie outside its heap, and by itself lets a hundred megabytes of them gather.
 */
export function usedUp(bytes: number): void {
  passedBytes += bytes;
  if (passedBytes < everyBytes) return;
  passedBytes = 0;
  collect?.({ type: 'major', execution: 'async' });
}
