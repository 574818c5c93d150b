namespace Enclave.Workers.Comparison;

/// <summary>How the host learns which pages of a process have content of their own.</summary>
internal enum PageListing
{
    /// <summary>The kernel lists them (Linux 6.7). Where it does not, their entries are read.</summary>
    Scan,

    /// <summary>From the entry of each page that is mapped: on any kernel, and slower, since most mapped pages have no content.</summary>
    Entries,
}
