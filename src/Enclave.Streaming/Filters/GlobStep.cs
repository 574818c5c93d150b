namespace Enclave.Streaming.Filters;

/// <summary>One step of a glob.</summary>
/// <param name="Kind">What it takes.</param>
/// <param name="Character">Which character, if one.</param>
/// <param name="Class">Which class, if one.</param>
/// <param name="Target">Where a jump goes, and a split beside the next step.</param>
internal readonly record struct GlobStep(GlobStepKind Kind, char Character = '\0', GlobClass? Class = null, int Target = 0);
