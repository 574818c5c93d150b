using System.Diagnostics;

namespace Enclave.Runs;

/// <summary>Measures a run for a listener of metrics or traces.</summary>
internal interface IRunMeter
{
    /// <summary>The parent of its tool calls' activities; none if no listener collects them.</summary>
    ActivityContext Parent { get; }

    /// <summary>Starts the activity of a tool call; null if no listener collects them.</summary>
    /// <param name="tool">Its name as the script gave it.</param>
    /// <param name="call">Its number in the run.</param>
    Activity? StartTool(string tool, uint call);

    /// <summary>Records a finished tool call.</summary>
    /// <param name="tool">Its name as the script gave it.</param>
    /// <param name="outcome"><c>ok</c>, <c>error</c> or <c>cancelled</c>.</param>
    /// <param name="took">Its duration.</param>
    void ToolAnswered(string tool, string outcome, TimeSpan took);
}
