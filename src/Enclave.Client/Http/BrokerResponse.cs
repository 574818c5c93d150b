namespace Enclave.Client.Http;

/// <summary>A response of the broker, up to the size limit.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">Its text.</param>
/// <param name="RetryAfter">How long the broker asks to wait; null if it does not.</param>
internal sealed record BrokerResponse(int Status, string Body, TimeSpan? RetryAfter)
{
    private const int ShownCharacters = 2000;

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The body for a message, shortened.</summary>
    public string Shown => Body.Length <= ShownCharacters ? Body : $"{Body[..ShownCharacters]}...";
}
