using System.Runtime.Versioning;
using Enclave.Linux;
using Enclave.Processes;

namespace Enclave.Isolation;

/// <summary>Runs a program to its end, with a deadline, to find out if it works.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class ProbeProcess
{
    /// <summary>Why it failed, with its last output; null if it succeeded.</summary>
    public static string? Run(ProcessCommand command, TimeSpan patience)
    {
        if (ProcessLauncher.Start(command, out string? fault) is not { } started) return fault;
        var process = new SpawnedProcess(started, share: null);
        bool ended = DescriptorWait.IsReadable(process.PidFd, (int)patience.TotalMilliseconds);
        if (!ended)
        {
            process.Kill();
            DescriptorWait.IsReadable(process.PidFd, -1);
        }

        process.TryReap(out ProcessExit exit);
        byte* words = stackalloc byte[1024];
        nint length = Libc.read(process.Stderr, words, 1024);
        process.Close();
        if (!ended) return $"{command.Program} did not end within {patience.TotalSeconds:0} s";
        return exit.Code == 0 ? null : $"exit code {exit.Code}: {System.Text.Encoding.UTF8.GetString(words, (int)Math.Max(0, length)).Trim()}";
    }
}
