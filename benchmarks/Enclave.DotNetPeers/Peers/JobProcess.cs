using System.ComponentModel;
using System.Diagnostics;

namespace Enclave.DotNetPeers.Peers;

/// <summary>A child that runs one job at a time: this program with another verb.</summary>
internal sealed class JobProcess : IDisposable
{
    public const string Verb = "--child";

    private readonly Process _process;
    private readonly Stream _input, _output;

    private JobProcess(int memoryMb)
    {
        var command = new ProcessStartInfo(Environment.ProcessPath!, [Verb, $"{memoryMb}"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        _process = Process.Start(command)!;
        (_input, _output) = (_process.StandardInput.BaseStream, _process.StandardOutput.BaseStream);
    }

    /// <summary>Starts a child, and waits until it takes jobs.</summary>
    public static async Task<JobProcess> StartAsync(int memoryMb)
    {
        var child = new JobProcess(memoryMb);
        _ = await JobFrame.ReadAsync(child._output) ?? throw new IOException("a child ended before its first job");
        return child;
    }

    /// <summary>Runs a job. After an exception the child has been killed.</summary>
    public async Task<string> RunAsync(PeerJob job)
    {
        bool late = false;
        // A timer may be up to a millisecond early by the host's clock.
        using var limit = new Timer((_) => { late = true; Kill(); }, null, job.TimeLimit + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        try
        {
            new JobFrame(FrameKind.Run, 0, job.Source, job.ArgsText).Write(_input);
            while (await JobFrame.ReadAsync(_output) is { } frame)
            {
                if (frame.Kind == FrameKind.Done) return frame.First;
                if (frame.Kind == FrameKind.Failed) throw new InvalidOperationException(frame.First);
                new JobFrame(FrameKind.Return, frame.Number, await job.CallTool(frame.First, frame.Second)).Write(_input);
            }

            throw new IOException("its process ended");
        }
        catch (Exception failure)
        {
            Kill();
            throw late ? new TimeoutException("time limit", failure) : failure;
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }
    }
}
