using System.Diagnostics;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Upstream;

/// <summary>The documented product's own client in Node, unchanged, if its file is present.</summary>
internal static class UpstreamClient
{
    private static string Module { get; } = Path.Combine(SharedFolder.Path, "upstream-client", "enclave-client.mjs");

    /// <summary>Runs a scenario of the client against a broker and returns the outcome.</summary>
    public static async Task<JsonElement> Act(Uri broker, string scenario)
    {
        Assert.SkipUnless(File.Exists(Module), $"{Module} is not there: the documented product's client was not tried");
        string script = Path.Combine(Repository.Root, "tests", "Enclave.Broker.Tests", "Upstream", "drive.mjs");
        using var node = Process.Start(new ProcessStartInfo("node", [script, Module, broker.ToString().TrimEnd('/'), scenario])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            Task<string> output = node.StandardOutput.ReadToEndAsync(), errors = node.StandardError.ReadToEndAsync();
            string text = await Within.Deadline(output, $"outcome of {scenario}");
            await Within.Deadline(node.WaitForExitAsync(), "end of node");
            Assert.True(node.ExitCode == 0, await errors);
            return JsonDocument.Parse(text).RootElement;
        }
        finally
        {
            if (!node.HasExited) node.Kill();
        }
    }
}
