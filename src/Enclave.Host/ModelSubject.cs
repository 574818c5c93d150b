namespace Enclave;

/// <summary>The parts of a host that a model's description covers.</summary>
/// <param name="Tools">A copy of the registered tools, as in the registry: tools that are added later do not reach the host.</param>
/// <param name="Rules">The refused sequences of tool calls.</param>
/// <param name="Libraries">Programs that scripts find as globals.</param>
/// <param name="Globals">Constants that scripts find as globals; null for none.</param>
/// <param name="HasHandler">True if calls of unregistered tools go to the application's handler.</param>
/// <param name="Fetch">The options of fetch; null without it.</param>
internal sealed record ModelSubject(
    ToolCollection Tools, SequencePolicyOptions Rules, IReadOnlyCollection<Library> Libraries, IReadOnlyDictionary<string, object?>? Globals, bool HasHandler,
    FetchOptions? Fetch = null);
