/** Writes an artifact as JSON, programs as lines of text so that a change shows as a readable diff. */
import { readArtifact } from './artifact-read.js';
import type { Artifact } from './artifact.js';
import { printProgramLines } from './print.js';

/**
 * JSON as `schema/artifact.schema.json` describes it; `undefined` becomes `null`, and −0 becomes 0
 * outside of programs. What is written is read once more, so that nothing leaves that `readArtifact` would refuse.
 * @throws ArtifactError for an artifact that breaks a rule, e.g. a constant that is not finite.
 */
export function writeArtifact(artifact: Artifact): string {
  const { gradient, evaluate, sample, posterior, configuration, enumeration, profile } = artifact.programs;
  const programs = {
    gradient: printProgramLines(gradient),
    evaluate: printProgramLines(evaluate),
    sample: printProgramLines(sample),
    posterior: printProgramLines(posterior),
    configuration: printProgramLines(configuration),
    enumeration: printProgramLines(enumeration),
    profile: printProgramLines(profile),
  };
  const text = `${JSON.stringify({ ...artifact, programs }, undefinedToNull, 2)}\n`;
  readArtifact(text);
  return text;
}

function undefinedToNull(_: string, value: unknown): unknown {
  return value === undefined ? null : value;
}
