namespace Enclave.OpenApi;

/// <summary>The body of an operation.</summary>
/// <param name="MediaType">What it is sent as.</param>
/// <param name="IsText">Whether it is text as it is, and not JSON.</param>
internal sealed record BodyPlan(string MediaType, bool IsText)
{
    /// <summary>The member of the tool's arguments that has it.</summary>
    public const string Argument = "body";
}
