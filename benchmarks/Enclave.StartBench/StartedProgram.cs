using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Benchmarks;

/// <summary>The program whose start W8 measures from outside: a host, one job, and a line with its time and answer.</summary>
internal static class StartedProgram
{
    /// <summary>The first argument, before the level, the adapter and the code.</summary>
    public const string Verb = "--cold";

    /// <param name="args"><c>--cold LEVEL ADAPTER CODE</c>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        long start = Stopwatch.GetTimestamp();
        (string level, string adapter, string code) = (args[1], args[2], args[3]);
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            // It parses no options, because a real program would not, and the time would count.
            SecurityLevel = level switch
            {
                "Strict" => SecurityLevel.Strict,
                "Secure" => SecurityLevel.Secure,
                "Permissive" => SecurityLevel.Permissive,
                _ => SecurityLevel.Standard,
            },
            Adapter = adapter == "Embedded" ? EnclaveAdapter.Embedded : EnclaveAdapter.WorkerPool,
            DoubleVm = adapter == "DoubleVm" ? new DoubleVmOptions() : null,
        });
        ExecutionResult result = await host.RunAsync(code);
        double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        string line = string.Create(CultureInfo.InvariantCulture, $"{time} {result.Error?.Message ?? result.Value.ToString()}\n");
        // Writes without Console, whose encodings and streams would count.
        using var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        output.Write(Encoding.UTF8.GetBytes(line));
        // Its memory is read until its input ends.
        using var input = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        _ = input.ReadByte();
        return result.Success ? 0 : 1;
    }
}
