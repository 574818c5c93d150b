// W8's program alone, so that it can be compiled ahead.
using Enclave.Benchmarks;

return await StartedProgram.RunAsync(args);
