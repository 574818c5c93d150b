using Enclave.JavaScript.Text;

namespace Enclave.Schemas.Calls;

/// <summary>Bounds the check of one script's calls. Findings up to the bound count; the remaining calls are checked when they are made.</summary>
internal sealed class CheckBudget(CancellationToken cancellationToken)
{
    private const int MaxSteps = 200_000;

    // Looking for similar names among thousands of tools may take most of the time, and is not needed for a verdict.
    private static readonly TimeSpan s_time = TimeSpan.FromMilliseconds(50), s_hintTime = TimeSpan.FromMilliseconds(25);

    private int _left = MaxSteps;

    /// <summary>Bounds checks of whole values.</summary>
    public WorkMeter Meter { get; } = new(s_time, ThreadCpuTime.Now, cancellationToken);

    /// <summary>Bounds the search for similar names. Names beyond it have no hint.</summary>
    public WorkMeter Hints { get; } = new(s_hintTime, ThreadCpuTime.Now, cancellationToken);

    /// <exception cref="WorkLimitException">The bound is reached.</exception>
    public void Step()
    {
        if (--_left < 0) throw new WorkLimitException(s_time);
        Meter.Step();
    }
}
