import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { wantsColor } from '../src/host.js';
import { describeProgress, drawBar, Progress, type ProgressPlan } from '../src/progress.js';
import { styleFor } from '../src/style.js';
import { FakeHost, Recorder } from './fake-host.js';

const plan: ProgressPlan = {
  steps: 600,
  startStep: 0,
  stepsPerEpoch: 60,
  batch: 100,
  objective: { name: 'negative bound', unit: 'nats' },
};
const plain = styleFor({ hasColor: false });

function hostWith(stderr: Recorder): FakeHost {
  return new FakeHost('.', new Recorder(), stderr);
}

describe('describeProgress', () => {
  it('gives epoch, step, loss, speed and time left', () => {
    const text = describeProgress(plan, { step: 150, epoch: 3, loss: 124.2345, seconds: 10 });
    expect(text).toBe('epoch 3/10  step 150/600  negative bound 124.23 nats  1,500 rows/s  0:30 left');
  });

  it('counts the speed of a resumed run from where it began, and knows no epoch without data', () => {
    const resumed = { ...plan, startStep: 100, stepsPerEpoch: undefined, objective: { name: 'cost', unit: '' } };
    const text = describeProgress(resumed, { step: 150, epoch: 0, loss: 0.25, seconds: 10 });
    expect(text).toBe('step 150/600  cost 0.2500  500 rows/s  1:30 left');
  });
});

describe('drawBar', () => {
  it('is exact to half a character', () => {
    expect(drawBar(0, plain)).toBe('─'.repeat(20));
    expect(drawBar(0.5, plain)).toBe('━'.repeat(10) + '─'.repeat(10));
    expect(drawBar(0.525, plain)).toBe(`${'━'.repeat(10)}╸${'─'.repeat(9)}`);
    expect(drawBar(1, plain)).toBe('━'.repeat(20));
  });
});

describe('Progress', () => {
  it('draws one line over and over in a terminal, ten times a second at most', () => {
    const stderr = new Recorder({ isTerminal: true, columns: 120 });
    const host = hostWith(stderr);
    const progress = new Progress(plan, host);
    for (let step = 1; step <= 100; step += 1) {
      host.time += 10;
      progress.update(step, 1 + Math.floor((step - 1) / 60), 5);
    }
    progress.end();
    const drawn = stderr.text.split('\r').slice(1);
    expect(drawn).toHaveLength(10);
    expect(stderr.text.split('\n')).toHaveLength(2);
    expect(stripVTControlCharacters(drawn[9] ?? '')).toContain('epoch 2/10  step 91/600');
  });

  it('never wraps in a narrow terminal', () => {
    const stderr = new Recorder({ isTerminal: true, columns: 30 });
    const host = hostWith(stderr);
    const progress = new Progress(plan, host);
    host.time = 1000;
    progress.update(5, 1, 5);
    expect(stripVTControlCharacters(stderr.text).replace('\r', '').length).toBeLessThan(30);
  });

  it('writes plain lines now and then elsewhere, and the last step always', () => {
    const stderr = new Recorder();
    const host = hostWith(stderr);
    const progress = new Progress(plan, host);
    for (let step = 1; step <= 600; step += 1) {
      host.time += 50;
      progress.update(step, 1, 5);
    }
    progress.end();
    const lines = stderr.text.trimEnd().split('\n');
    expect(lines.map((line) => /step (\d+)/.exec(line)?.[1])).toEqual(['1', '201', '401', '600']);
    expect(stderr.text).not.toContain('\r');
    expect(stderr.text).not.toContain('\u001b');
  });
});

describe('wantsColor', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
  ])('a terminal: %s, with %j: %s', (isTerminal, environment, wanted) => {
    expect(wantsColor(isTerminal, environment)).toBe(wanted);
  });
});
