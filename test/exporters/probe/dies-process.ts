// Stands in for a trial whose WebRTC library crashes in the middle.
process.once('message', () => process.send?.({ stage: 'signal' }, () => process.kill(process.pid, 'SIGKILL')));
