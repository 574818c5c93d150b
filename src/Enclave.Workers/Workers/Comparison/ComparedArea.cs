namespace Enclave.Workers.Comparison;

/// <summary>A part of the address space of cells.</summary>
/// <param name="Searched">The ranges in which pages of a cell are searched, in order.</param>
/// <param name="Kept">The image's pages there, in order.</param>
internal sealed record ComparedArea(SearchedRange[] Searched, PageRange[] Kept)
{
    /// <summary>The size of the kept ranges.</summary>
    public long Bytes { get; } = Kept.Sum((range) => range.Length);
}
