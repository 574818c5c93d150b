using System.Threading.Channels;

namespace Enclave.DotNetPeers.Peers;

/// <summary>
/// A pool of children with a runtime each. A job has a child for itself; a child that a limit ended has a successor, which gets no job before it is ready.
/// </summary>
internal sealed class ClearScriptProcesses : IPeer
{
    /// <summary>One more than there are cores: the next job finds one that runs when another one was killed.</summary>
    private static readonly int s_children = Environment.ProcessorCount + 1;

    private readonly int _memoryMb;
    private readonly Channel<JobProcess> _idle = Channel.CreateUnbounded<JobProcess>();
    private readonly List<JobProcess> _held = [];

    public ClearScriptProcesses(int memoryMb)
    {
        _memoryMb = memoryMb;
        for (int i = 0; i < s_children; i++) _ = StartAsync();
    }

    public async Task<string> RunAsync(PeerJob job)
    {
        JobProcess child = await _idle.Reader.ReadAsync();
        try
        {
            string answer = await child.RunAsync(job);
            _idle.Writer.TryWrite(child);
            return answer;
        }
        catch
        {
            _ = StartAsync();
            child.Dispose();
            throw;
        }
    }

    public async Task HoldAsync(int count, PeerJob job)
    {
        for (int i = 0; i < count; i++)
        {
            JobProcess child = await JobProcess.StartAsync(_memoryMb);
            _held.Add(child);
            await child.RunAsync(job);
        }
    }

    public ValueTask DisposeAsync()
    {
        while (_idle.Reader.TryRead(out JobProcess? child)) child.Dispose();
        foreach (JobProcess child in _held) child.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task StartAsync() => _idle.Writer.TryWrite(await JobProcess.StartAsync(_memoryMb));
}
