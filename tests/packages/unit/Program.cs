using Enclave;
using Enclave.Testing;

// Without the engine: what answers is what was said here.
await using var enclave = new TestEnclave((options) => options.ToolHandler = (name, args, context) => new(name == "answer" ? 42 : null));
enclave.When("return await callTool('answer')").Runs(async (script) => $"the answer is {(await script.CallAsync("answer")).AsInt32()}");
ExecutionResult result = await enclave.Host.RunAsync("return await callTool('answer')");
Console.WriteLine(result.Success ? result.Value.AsString() : result.Error!.Message);
