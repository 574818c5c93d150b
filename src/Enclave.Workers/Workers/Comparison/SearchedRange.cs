namespace Enclave.Workers.Comparison;

/// <summary>A range in which pages are looked for.</summary>
/// <param name="Range">The range.</param>
/// <param name="OfFiles">True if its pages may belong to a file. The kernel takes twice as long to say which do.</param>
internal readonly record struct SearchedRange(PageRange Range, bool OfFiles);
