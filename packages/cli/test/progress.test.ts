import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { wantsColor } from '../src/host.js';
import { describeProgress, drawBar, Progress } from '../src/progress.js';
import type { ProgressEvent, StartEvent } from '../src/run-events.js';
import { styleFor } from '../src/style.js';
import { FakeHost, Recorder } from './fake-host.js';

const start: StartEvent = {
  kind: 'start',
  version: 1,
  model: 'bars',
  run: 'runs/bars-1',
  objective: { name: 'negative bound', unit: 'nats' },
  signalSites: ['h'],
  rows: 6000,
  batch: 100,
  steps: 600,
  startStep: 0,
  stepsPerEpoch: 60,
  optimizer: { name: 'adam', options: { lr: 0.01 } },
  seed: 3,
  engine: 'reference',
  backend: 'float64',
};
const plain = styleFor({ hasColor: false });

function progressAt(step: number, more: Partial<ProgressEvent> = {}): ProgressEvent {
  return {
    kind: 'progress',
    step,
    epoch: 1 + Math.floor((step - 1) / 60),
    loss: 5,
    learningRate: 0.01,
    terms: {},
    signals: { h: { mean: 0, variance: 1.25 } },
    seconds: 10,
    rowsPerSecond: 1500,
    secondsLeft: 30,
    ...more,
  };
}

function hostWith(stderr: Recorder): FakeHost {
  return new FakeHost('.', new Recorder(), stderr);
}

/** Takes the steps up to the last, `milliseconds` each, as the training loop does. */
function trainWith(host: FakeHost, last: number, milliseconds: number): Progress {
  const progress = new Progress(host);
  progress.see(start);
  for (let step = 1; step <= last; step += 1) {
    host.time += milliseconds;
    if (progress.wants(step, host.now())) progress.see(progressAt(step));
  }
  return progress;
}

/** What a terminal shows in the end: lines, with those that were cleared gone. */
function screenOf(text: string): string[] {
  const BACK = '\r\u001b[2A\u001b[J';
  let lines: string[] = [''];
  for (const [index, piece] of text.split(BACK).entries()) {
    if (index > 0) lines = [...lines.slice(0, -3), ''];
    const [first = '', ...rest] = stripVTControlCharacters(piece).split('\n');
    lines = [...lines.slice(0, -1), `${lines.at(-1) ?? ''}${first}`, ...rest];
  }
  return lines;
}

describe('describeProgress', () => {
  it('gives epoch, step, loss, validation, signals, speed and time left', () => {
    const signals = { h1: { mean: 0, variance: 12.3456 }, h2: { mean: 0, variance: 0.000123456 } };
    const event = progressAt(150, { loss: 124.2345, signals });
    expect(describeProgress(start, event, { last: 126.1, best: 125.9 })).toEqual({
      place: 'epoch 3/10  step 150/600',
      reached: 'negative bound 124.23 nats  validation 126.10 (best 125.90)  signal variance h1 12.3  h2 0.000123',
      pace: '1,500 rows/s  0:30 left',
    });
  });

  it('knows no epoch without data, no signal where there is none, and no speed at first', () => {
    const plan = { ...start, stepsPerEpoch: undefined, objective: { name: 'cost', unit: '' } };
    const event = progressAt(150, { loss: 0.25, signals: {}, rowsPerSecond: 0, secondsLeft: undefined });
    expect(describeProgress(plan, event, undefined)).toEqual({
      place: 'step 150/600',
      reached: 'cost 0.2500',
      pace: '',
    });
  });

  it('has the least and the largest variance of many sites', () => {
    const signals = Object.fromEntries([3, 1, 4, 0.5, 9].map((variance, l) => [`h[${l}]`, { mean: 0, variance }]));
    const { reached } = describeProgress(start, progressAt(1, { signals }), undefined);
    expect(reached).toContain('signal variance from h[3] 0.5 to h[4] 9');
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
  it('draws two lines over and over in a terminal, ten times a second at most', () => {
    const stderr = new Recorder({ isTerminal: true, columns: 120 });
    trainWith(hostWith(stderr), 100, 10);
    expect(stderr.text.split('negative bound')).toHaveLength(11);
    const bar = `${'━'.repeat(3)}${'─'.repeat(17)}`;
    expect(screenOf(stderr.text)).toEqual([
      'bars: 6,000 rows, batch 100, 600 steps, adam(lr = 0.01), seed 3, reference, float64',
      `${bar}  epoch 2/10  step 91/600  1,500 rows/s  0:30 left`,
      'negative bound 5.0000 nats  signal variance h 1.25',
      '',
    ]);
  });

  it('never wraps in a narrow terminal', () => {
    const stderr = new Recorder({ isTerminal: true, columns: 30 });
    const progress = trainWith(hostWith(stderr), 0, 0);
    progress.see(progressAt(5));
    const [, ...lines] = screenOf(stderr.text);
    expect(lines).toEqual(['epoch 1/10  step 5/600  1,500', 'negative bound 5.0000 nats  s', '']);
  });

  it('writes what was measured above the lines, and has it in them from then on', () => {
    const stderr = new Recorder({ isTerminal: true, columns: 120 });
    const host = hostWith(stderr);
    const progress = trainWith(host, 60, 10);
    progress.see({ kind: 'validation', step: 60, epoch: 1, loss: 6, best: 5.5, seconds: 1 });
    expect(screenOf(stderr.text).slice(1)).toEqual(['epoch 1: validation negative bound 6.0000 nats', '']);
    // At once, so that the lines are not away for long.
    expect(progress.wants(61, host.now())).toBe(true);
    progress.see(progressAt(61));
    expect(screenOf(stderr.text).slice(1)).toEqual([
      'epoch 1: validation negative bound 6.0000 nats',
      expect.stringContaining('step 61/600'),
      'negative bound 5.0000 nats  validation 6.0000 (best 5.5000)  signal variance h 1.25',
      '',
    ]);
  });

  it('writes plain lines now and then elsewhere, and the last step always', () => {
    const stderr = new Recorder();
    trainWith(hostWith(stderr), 600, 50);
    const [, ...lines] = stderr.text.trimEnd().split('\n');
    expect(lines.map((line) => /step (\d+)/.exec(line)?.[1])).toEqual(['1', '201', '401', '600']);
    expect(lines[1]).toBe(
      'epoch 4/10  step 201/600  negative bound 5.0000 nats  signal variance h 1.25  1,500 rows/s  0:30 left',
    );
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
