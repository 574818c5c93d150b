namespace Enclave.Models;

/// <summary>What a host has that a model is told of.</summary>
/// <param name="Tools">The registered tools. What is added later does not count.</param>
/// <param name="Rules">The sequences of tool calls that are refused.</param>
/// <param name="Libraries">Programs that scripts find as globals.</param>
/// <param name="Globals">Constants that scripts find as globals; null for none.</param>
/// <param name="HasHandler">Whether tools that are not registered go to the application's handler.</param>
internal sealed record ModelSubject(
    ToolCollection Tools, SequencePolicyOptions Rules, IReadOnlyCollection<Library> Libraries, IReadOnlyDictionary<string, object?>? Globals, bool HasHandler);
