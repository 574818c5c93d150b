namespace Enclave.Secrets;

/// <summary>An exception for the log: the text of another one, without its secrets.</summary>
internal sealed class MaskedException(string message, string text) : Exception(message)
{
    public override string ToString() => text;
}
