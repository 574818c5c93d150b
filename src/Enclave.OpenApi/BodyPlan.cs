namespace Enclave.OpenApi;

/// <summary>The body of an operation.</summary>
/// <param name="MediaType">Its media type.</param>
/// <param name="IsText">True if it is plain text, not JSON.</param>
internal sealed record BodyPlan(string MediaType, bool IsText)
{
    /// <summary>The member of the tool's arguments that holds it.</summary>
    public const string Argument = "body";
}
