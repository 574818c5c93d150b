using Enclave.Isolation;
using Enclave.Workers;
using Enclave.Workers.Comparison;

namespace Enclave.Attacks.Tests;

/// <summary>A real worker, of which a test changes something.</summary>
internal abstract class WrappedProcess(IWorkerProcess real) : IWorkerProcess
{
    public int Pid => real.Pid;

    public int OwnPid => real.OwnPid;

    public IConfinement? Confinement => real.Confinement;

    public long OtherBytes => real.OtherBytes;

    public long MemoryAllowance => real.MemoryAllowance;

    public long CpuMicroseconds => real.CpuMicroseconds;

    public ISharedCheckpoint? Checkpoint => real.Checkpoint;

    public bool IsForked => real.IsForked;

    public virtual WorkerFinding Inspect(IReadOnlyList<string> claims) => real.Inspect(claims);

    public virtual (long Own, long Files) ReadResident() => real.ReadResident();

    public bool EndsWithin(TimeSpan time) => real.EndsWithin(time);

    public virtual bool IsComparable(out string? obstacle) => real.IsComparable(out obstacle);

    public virtual Look TryCompare(bool isFirst, ComparedPages pages, Span<byte> room, out string difference) =>
        real.TryCompare(isFirst, pages, room, out difference);

    public string? Elsewhere() => real.Elsewhere();

    public virtual IWorkerConnection Connect(int maxFrameBytes, IFrameSink sink) => real.Connect(maxFrameBytes, sink);
}
