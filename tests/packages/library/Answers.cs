using Enclave;

namespace Library;

public static class Answers
{
    public static async Task<string> AskAsync()
    {
        await using var enclave = new EnclaveHost();
        ExecutionResult result = await enclave.RunAsync("return `the answer is ${6 * 7}`");
        return result.Success ? result.Value.AsString() : result.Error!.Message;
    }
}
