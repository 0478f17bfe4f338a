/** Measurements of a run as TensorBoard's event files, in the run's folder. */
import type { SummaryInfo, SummaryValue } from '@sbn/runtime/tensorboard';
import { EventFile } from '@sbn/runtime/node';
import type { Measurement, MeasurementLog } from './metrics.js';
import type { ObjectiveName } from './objective-name.js';

export class TensorBoardLog implements MeasurementLog {
  readonly #file: EventFile;
  readonly #objective: ObjectiveName;

  /** The run starts after `startStep` steps. @throws the file system's own error */
  constructor(folder: string, startStep: number, objective: ObjectiveName) {
    this.#file = new EventFile(folder, { startStep });
    this.#objective = objective;
  }

  write(measurement: Measurement): void {
    this.#file.write(measurement.step, scalarsOf(measurement, this.#objective));
  }

  sync(): void {
    // Curves that a power cut shortens are of no consequence: nothing goes on from them.
  }

  close(): void {
    this.#file.close();
  }
}

/** Tags with a `/` in them: TensorBoard shows those with the same word before it side by side. */
function scalarsOf(measurement: Measurement, { name, unit }: ObjectiveName): readonly SummaryValue[] {
  const { loss, validation, learningRate, rowsPerSecond, details } = measurement;
  const group = name.replaceAll(' ', '_');
  const inUnit = unit === '' ? '' : ` In ${unit}.`;
  const scalar = (
    tag: string,
    value: number | undefined,
    title: string,
    description: string,
  ): readonly SummaryValue[] =>
    value === undefined ? [] : [{ kind: 'scalar', tag, value, about: { title, description } satisfies SummaryInfo }];
  return [
    ...scalar(`${group}/train`, loss, `${name}, training`, `Mean over the steps since the point before.${inUnit}`),
    ...scalar(`${group}/validation`, validation, `${name}, validation`, `One draw for each row.${inUnit}`),
    ...Object.entries(details.terms).flatMap(([term, value]) =>
      scalar(`term/${term}`, value, term, `A term of the loss: mean over the rows of one step.${inUnit}`),
    ),
    ...Object.entries(details.signals).flatMap(([site, { variance }]) =>
      scalar(
        `signal_variance/${site}`,
        variance,
        `signal variance of ${site}`,
        'Variance of the learning signal after centring, over the rows of one step.',
      ),
    ),
    ...scalar('speed/rows_per_second', rowsPerSecond, 'rows per second', 'Over the steps since the point before.'),
    ...scalar('learning_rate', learningRate, 'learning rate', ''),
  ];
}
