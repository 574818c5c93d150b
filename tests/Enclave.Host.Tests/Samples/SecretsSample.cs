namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of secrets in docs/tools.md.</summary>
public sealed class SecretsSample : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-sample-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_tool_has_its_secret_and_a_script_has_not()
    {
        string folder = _folder;
        await File.WriteAllTextAsync(Path.Combine(folder, "RATES_KEY"), "the-key-of-the-rates\n");

        // sample
        var options = new EnclaveOptions { Secrets = SecretSources.Folder(folder) };
        options.Tools.Add(
            "rates:today",
            async (RateArgs args, ToolContext context, CancellationToken token) => await Rates.AskAsync(args.Currency, context.Secrets["RATES_KEY"], token),
            new ToolOptions { Secrets = ["RATES_KEY"] });
        // end

        await using var enclave = new EnclaveHost(options);
        ExecutionResult result = await enclave.RunAsync("return await callTool('rates:today', { currency: 'CHF' })");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal("""{"currency":"CHF","rate":0.97,"askedWith":"***"}""", result.Value.ToJsonString());
    }

    // sample
    internal sealed record RateArgs(string Currency);
    // end

    private static class Rates
    {
        public static Task<object> AskAsync(string currency, string key, CancellationToken token) =>
            Task.FromResult<object>(new { currency, rate = key == "the-key-of-the-rates" ? 0.97 : 0, askedWith = key }).WaitAsync(token);
    }
}
