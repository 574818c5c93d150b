using System.Diagnostics;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>A host in its own process that ran one script and keeps its worker until it is disposed (Enclave.TestHost/Look.cs).</summary>
internal sealed class LookingHost(Process process) : IAsyncDisposable
{
    /// <summary>Its workers as this machine sees them: children of the host, or of its bubblewrap.</summary>
    public int[] Leaves() => [.. Leaves(process.Id)];

    public async Task<Outcome> Outcome()
    {
        string? line = await Within.Deadline(process.StandardOutput.ReadLineAsync(), "word of the host");
        Assert.True(line is not null, "the host ended without a word");
        return JsonSerializer.Deserialize<Outcome>(line)!;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        try
        {
            await Within.Deadline(process.WaitForExitAsync(), "end of the host");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.Dispose();
        }
    }

    private static IEnumerable<int> Leaves(int pid) => ProcessTable.Children(pid) is { Length: > 0 } children ? children.SelectMany(Leaves) : [pid];
}
