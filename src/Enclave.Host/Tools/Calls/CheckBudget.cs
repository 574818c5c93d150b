using Enclave.JavaScript.Text;

namespace Enclave.Tools.Calls;

/// <summary>Bounds the check of one script's calls. A check beyond its bound finds nothing: each call is checked when it is made.</summary>
internal sealed class CheckBudget(CancellationToken cancellationToken)
{
    private const int MaxSteps = 200_000;

    private static readonly TimeSpan s_time = TimeSpan.FromMilliseconds(50);

    private int _left = MaxSteps;

    /// <summary>Bounds checks of whole values.</summary>
    public WorkMeter Meter { get; } = new(s_time, ThreadCpuTime.Now, cancellationToken);

    /// <exception cref="WorkLimitException">The bound is reached.</exception>
    public void Step()
    {
        if (--_left < 0) throw new WorkLimitException(s_time);
        Meter.Step();
    }
}
