namespace Enclave.Guard.Tracing;

/// <summary>The steps of a traced program that are reported, and how.</summary>
/// <param name="Mark">The text before each line of the trace, which tells them from the script's. No script can know it.</param>
/// <param name="From">The first step that is reported, from 1.</param>
/// <param name="Room">The number of steps that are reported.</param>
/// <param name="Extra">One more step; 0 for none.</param>
/// <param name="Statement">The statement that is shown in full, with its parts; 0 for none.</param>
internal sealed record TraceWindow(string Mark, int From, int Room, int Extra = 0, int Statement = 0);
