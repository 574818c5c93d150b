using System.Diagnostics;

namespace Enclave.Runs;

/// <summary>What measures a run that somebody watches.</summary>
internal interface IRunMeter
{
    /// <summary>Where the activities of its tool calls hang; none when nobody collects this run's.</summary>
    ActivityContext Parent { get; }

    /// <summary>A tool call has ended.</summary>
    /// <param name="tool">Its name, as the script gave it.</param>
    /// <param name="outcome"><c>ok</c>, <c>error</c> or <c>cancelled</c>.</param>
    /// <param name="took">How long it took.</param>
    void ToolAnswered(string tool, string outcome, TimeSpan took);
}
