using Enclave.Workers;
using Enclave.Workers.Comparison;

namespace Enclave.Attacks.Tests;

/// <summary>A real worker whose host has no free descriptor when it looks at it.</summary>
/// <param name="real">The worker.</param>
/// <param name="isShort">True if there is none at this look.</param>
internal sealed class ShortProcess(IWorkerProcess real, Func<ShortProcess.Step, bool> isShort) : WrappedProcess(real)
{
    public enum Step
    {
        Inspects,
        Measures,
        Asks,
        Compares,
    }

    public override WorkerFinding Inspect(IReadOnlyList<string> claims) => When(Step.Inspects, () => base.Inspect(claims));

    public override (long Own, long Files) ReadResident() => When(Step.Measures, base.ReadResident);

    public override bool IsComparable(out string? obstacle)
    {
        (bool isComparable, obstacle) = When(Step.Asks, () => (base.IsComparable(out string? why), why));
        return isComparable;
    }

    public override Look TryCompare(bool isFirst, ComparedPages pages, Span<byte> room, out string difference)
    {
        if (!isShort(Step.Compares)) return base.TryCompare(isFirst, pages, room, out difference);
        (Look look, difference) = Shortage.During(() => (base.TryCompare(isFirst, pages, new byte[1 << 20], out string found), found));
        return look;
    }

    private T When<T>(Step step, Func<T> call) => isShort(step) ? Shortage.During(call) : call();
}
