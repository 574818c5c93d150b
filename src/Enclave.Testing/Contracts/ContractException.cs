namespace Enclave.Testing;

/// <summary>A type does not keep its contract. Any test framework shows it as a failure.</summary>
public sealed class ContractException : Exception
{
    /// <summary>What was expected, and what was found.</summary>
    public ContractException(string message)
        : base(message)
    {
    }

    /// <summary>What was expected, and the exception that came instead.</summary>
    public ContractException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A failure without a message of its own.</summary>
    public ContractException()
        : base("the contract is not kept")
    {
    }
}
