namespace Enclave.Streaming;

/// <summary>The result of reading a line: an event or a problem.</summary>
/// <param name="Event">The event; null if there is a problem.</param>
/// <param name="Problem">The problem; null if there is an event.</param>
public readonly record struct NdjsonLine(SessionEvent? Event, NdjsonProblem? Problem);
