namespace Enclave.Client.Http;

/// <summary>A whole answer of the broker, as far as it was read.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">What it says.</param>
/// <param name="RetryAfter">How long the broker asks to wait; null when it does not.</param>
internal sealed record Answer(int Status, string Body, TimeSpan? RetryAfter)
{
    private const int ShownCharacters = 2000;

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The body for a message, cut.</summary>
    public string Shown => Body.Length <= ShownCharacters ? Body : $"{Body[..ShownCharacters]}...";
}
