namespace Enclave.Workers.Comparison;

/// <summary>A process that can be held while it is looked at.</summary>
internal interface IStoppable
{
    /// <summary>CPU time of all its threads in nanoseconds; 0 if it is gone.</summary>
    long CpuNanoseconds { get; }

    /// <summary>True if it has ended, or ends within this time.</summary>
    bool EndsWithin(TimeSpan time);

    /// <summary>Sends SIGSTOP. Does nothing if the process is gone.</summary>
    void Stop();

    /// <summary>Sends SIGCONT. Does nothing if the process is gone.</summary>
    void Continue();
}
