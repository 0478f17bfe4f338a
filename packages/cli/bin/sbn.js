#!/usr/bin/env node
import { main } from '../dist/sbn.js';

process.exitCode = await main(process.argv);
