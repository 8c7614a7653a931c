/** Generators that run at the same time. */
import { describe, expect, it } from 'vitest';
import { Merge } from '../../../src/monitor/merge.ts';

async function* count(name: string, until: number): AsyncGenerator<string, void> {
  for (let number = 1; number <= until; number++) yield `${name}${number}`;
}

async function collect(merge: Merge<string>): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const event of merge.events()) all.push(event);
  return all;
}

describe('merged generators', () => {
  it('take turns, and each keeps its order', async () => {
    const merge = new Merge<string>();
    merge.add(count('a', 3));
    merge.add(count('b', 2));
    expect(await collect(merge)).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  });

  it('can be added while events are consumed', async () => {
    const merge = new Merge<string>();
    merge.add(count('a', 2));
    const all: string[] = [];
    for await (const event of merge.events()) {
      all.push(event);
      if (event === 'a2') merge.add(count('b', 1));
    }
    expect(all).toEqual(['a1', 'a2', 'b1']);
  });

  it('take turns with tasks, which wait until their events were consumed', async () => {
    const merge = new Merge<string>();
    const consumed: string[] = [];
    merge.add(count('a', 2));
    merge.run(async (emit) => {
      await emit('task1');
      expect(consumed).toContain('task1');
      await emit('task2');
    });
    for await (const event of merge.events()) consumed.push(event);
    expect(consumed).toEqual(['task1', 'a1', 'task2', 'a2']);
  });

  it('end at once without a generator', async () => {
    expect(await collect(new Merge<string>())).toEqual([]);
  });

  it('pass on what a generator throws, and end the others', async () => {
    const merge = new Merge<string>();
    let isStopped = false;
    async function* wait(): AsyncGenerator<string, void> {
      await new Promise<void>((resolve) => merge.stopSignal.addEventListener('abort', () => resolve()));
      isStopped = true;
    }
    async function* fail(): AsyncGenerator<string, void> {
      yield 'a1';
      throw new Error('a bug');
    }
    merge.add(wait());
    merge.add(fail());
    await expect(collect(merge)).rejects.toThrow('a bug');
    expect(isStopped).toBe(true);
  });

  it('end with a consumer that stops early', async () => {
    const merge = new Merge<string>();
    merge.add(count('a', 100));
    merge.add(count('b', 100));
    for await (const event of merge.events()) if (event === 'b1') break;
    expect(merge.stopSignal.aborted).toBe(true);
    expect(await collect(merge)).toEqual([]);
  });
});
