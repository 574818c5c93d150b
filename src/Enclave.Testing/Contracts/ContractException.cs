namespace Enclave.Testing;

/// <summary>A type violates its contract. Any test framework shows it as a failure.</summary>
public sealed class ContractException : Exception
{
    /// <summary>Creates the exception with the expected and the actual behaviour.</summary>
    public ContractException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the expected behaviour and the exception that was thrown instead.</summary>
    public ContractException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with a general message.</summary>
    public ContractException()
        : base("the contract is violated")
    {
    }
}
