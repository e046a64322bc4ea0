import type { Command } from 'commander';
import { registerBuild } from './build.ts';
import { registerExporter } from './exporter.ts';
import { registerLab } from './lab.ts';

/** Adds one command to the program. */
export type Register = (program: Command) => void;

/** Every command, in the order of `gomeet --help`. Each file imports what is heavy only when its command runs. */
export const commands: readonly Register[] = [registerExporter, registerBuild, registerLab];
