namespace Enclave;

/// <summary>What becomes of references in the value that a script returns.</summary>
public enum ReturnedReferences
{
    /// <summary>The caller gets the values themselves.</summary>
    Resolve,

    /// <summary>The caller gets references with ids of their own, each good for <see cref="IEnclave.OpenReferenceAsync"/> until its time to live has passed.</summary>
    Token,
}
