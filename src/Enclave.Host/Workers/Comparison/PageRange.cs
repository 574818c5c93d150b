namespace Enclave.Workers.Comparison;

/// <summary>Addresses of a process, from a page's begin to another's.</summary>
internal readonly record struct PageRange(long Begin, long End)
{
    public long Length => End - Begin;
}
