using Enclave;

await using var enclave = new EnclaveHost(new EnclaveOptions
{
    ToolHandler = (name, args, context) => new(name == "answer" ? 42 : null),
    // Other tests take the machine meanwhile.
    WorkerPool = new WorkerPoolOptions { StartTimeout = TimeSpan.FromMinutes(1) },
});
ExecutionResult result = await enclave.RunAsync("const answer = await callTool('answer'); return `the answer is ${answer}`");
Console.WriteLine(result.Success ? result.Value.AsString() : $"{result.Error!.Code.ToCode()}: {result.Error.Message}");
return result.Success ? 0 : 1;
