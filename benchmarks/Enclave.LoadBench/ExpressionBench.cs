namespace Enclave.LoadBench;

/// <summary>Small expressions over many inputs: in visits of a worker, and each in a run of its own.</summary>
internal static class ExpressionBench
{
    public const string Verb = "--expressions";

    private const int Few = 2000;

    public static async Task RunAsync()
    {
        Expressions given = await Expressions.ReadAsync();
        await using var host = new EnclaveHost(new EnclaveOptions());
        await host.WarmUpAsync();
        await given.MeasureAsync("enclave, RunManyAsync", given.Inputs.Count, (count) => ManyAsync(new RunManyOptions(), count));
        await given.MeasureAsync("enclave, RunManyAsync with FreshRealm", Few, (count) => ManyAsync(new RunManyOptions { FreshRealm = true }, count));

        async Task<double> ManyAsync(RunManyOptions options, int count)
        {
            double sum = 0;
            await foreach (InputResult result in host.RunManyAsync(given.Code, given.Inputs.Take(count), options))
                sum += result.Success ? result.Value.AsDouble() : throw new BenchException(result.Error!.Message);
            return sum;
        }
    }
}
