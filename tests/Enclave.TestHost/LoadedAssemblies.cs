using System.Runtime.CompilerServices;

namespace Enclave.TestHost;

/// <summary>Prints the assemblies of Enclave that a program has loaded after it used a host.</summary>
internal static class LoadedAssemblies
{
    /// <param name="use">The parts of the host that the program uses: <c>tool</c>, <c>text</c> or <c>durable</c>.</param>
    public static async Task Run(string use)
    {
        var options = new EnclaveOptions();
        options.Tools.Add("double", (int n) => 2 * n);
        await using (var host = new EnclaveHost(options))
        {
            ExecutionResult result = await host.RunAsync("return await callTool('double', { n: 21 })");
            if (result.Value.AsInt64() != 42) throw new InvalidOperationException(result.Error?.Message);
            if (use == "text") Describe(host);
            if (use == "durable") await host.RunAsync("return 1", new RunOptions { Durable = "one" });
        }

        string[] loaded = [.. AppDomain.CurrentDomain.GetAssemblies().Select((assembly) => assembly.GetName().Name!)
            .Where((name) => name.StartsWith("Enclave.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Console.WriteLine(string.Join(' ', loaded));
    }

    // A method of its own: the one that calls it is compiled, and loads what it names, before it runs.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Describe(EnclaveHost host) => host.DescribeForModel();
}
