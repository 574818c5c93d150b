import { jobSide } from './process-job.mjs';

process.on('message', jobSide(message => process.send(message)));
