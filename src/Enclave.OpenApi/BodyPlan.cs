using System.Collections.Immutable;

namespace Enclave.OpenApi;

/// <summary>The body of an operation.</summary>
/// <param name="MediaType">Its media type.</param>
/// <param name="Kind">How it is written.</param>
/// <param name="Fields">The members of a form whose format the document names.</param>
internal sealed record BodyPlan(string MediaType, BodyKind Kind, ImmutableArray<ParameterPlan> Fields)
{
    /// <summary>The member of the tool's arguments that holds it.</summary>
    public const string Argument = "body";

    /// <summary>The members of a multipart form that the document describes.</summary>
    public ImmutableDictionary<string, PartPlan> Parts { get; init; } = ImmutableDictionary<string, PartPlan>.Empty;
}
