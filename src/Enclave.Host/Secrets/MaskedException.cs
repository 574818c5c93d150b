namespace Enclave.Secrets;

/// <summary>An exception as a log may have it: the text of another one, without the secrets in it.</summary>
internal sealed class MaskedException(string message, string text) : Exception(message)
{
    public override string ToString() => text;
}
