namespace Enclave.Broker.Filters;

/// <summary>One step of a glob.</summary>
/// <param name="Kind">The kind of step.</param>
/// <param name="Character">The character, for that kind.</param>
/// <param name="Class">The class, for that kind.</param>
/// <param name="Target">The target of a jump, or the second target of a split.</param>
internal readonly record struct GlobStep(GlobStepKind Kind, char Character = '\0', GlobClass? Class = null, int Target = 0);
