namespace Enclave.Streaming;

/// <summary>What a line was: an event, or a problem.</summary>
/// <param name="Event">The event; null when the line is none.</param>
/// <param name="Problem">Why it is none; null when it is one.</param>
public readonly record struct NdjsonLine(SessionEvent? Event, NdjsonProblem? Problem);
