using Enclave.Outcomes;

namespace Enclave.Sidecar;

/// <summary>The failures of the sidecar, as scripts see them. Each has its code, and reveals nothing of the store or of other runs.</summary>
internal static class ReferenceFault
{
    public static ToolException TooMany(int limit) =>
        Range(ToolCode.MaxReferenceCount, $"the run needs more than {limit} references (Sidecar.MaxReferences)");

    public static ToolException TooLarge(long size, long limit) =>
        Range(ToolCode.MaxReferenceSize, $"a value of {size} bytes is too large for a reference; the limit is {limit} (Sidecar.MaxReferenceBytes)");

    public static ToolException TotalTooLarge(long limit) =>
        Range(ToolCode.MaxTotalSize, $"the references of the run take more than {limit} bytes together (Sidecar.MaxTotalBytes)");

    public static ToolException TooDeep(int limit) =>
        Range(ToolCode.MaxResolutionDepth, $"references lie more than {limit} deep in each other (Sidecar.MaxResolutionDepth)");

    public static ToolException ValueTooDeep(int limit) =>
        Range(ToolCode.MaxResolutionDepth, $"with its references put in, the value is nested more than {limit} levels deep");

    public static ToolException ResolvedTooLarge(long size, long limit) =>
        Range(ToolCode.MaxResolvedSize, $"with its references put in, the value takes {size} bytes; the limit is {limit} (Sidecar.MaxResolvedBytes)");

    public static ToolException LoadTooLarge(long size, long limit) =>
        Range(ToolCode.MaxResolvedSize, $"a value of {size} bytes cannot be loaded into a script; the limit is {limit} (MaxMessageBytes, " +
            "Sidecar.MaxResolvedBytes). Pass the reference to a tool instead");

    public static ToolException MemoryTooLarge(long size, long limit) =>
        Range(ToolCode.MaxResolvedSize,
            $"with its references put in, the value takes {size} bytes of the host's memory; the limit is {limit} (HostMemoryLimitPerRun)");

    public static ToolException NoRoom(long size) =>
        Range(ToolCode.MaxResolvedSize, $"the value of a reference takes {size} bytes, and has no room in the host's memory beside what other calls hold " +
            "(HostMemoryLimitPerRun). Await calls before making others");

    /// <summary>The same for an id of another run or tenant, and for an unknown one.</summary>
    public static ToolException Unknown() => new("there is no such reference in this run") { Name = "ReferenceError", Code = ToolCode.ReferenceNotFound };

    public static ToolException Gone() =>
        new("the value of this reference is no longer in the store: its time to live has passed, or the store has lost it " +
            "(Sidecar.Ttl)")
        { Name = "ReferenceError", Code = ToolCode.ReferenceExpired };

    public static ToolException Damaged() =>
        new("the store gave back something else than was kept for this reference") { Code = ToolCode.ReferenceStoreFailed };

    public static ToolException Failed(string what) => new($"the reference store failed to {what}") { Code = ToolCode.ReferenceStoreFailed };

    public static ToolException TimedOut(string what, TimeSpan limit) =>
        new($"the reference store did not {what} within {limit.TotalMilliseconds:0} ms (Sidecar.StorageTimeout)") { Code = ToolCode.ReferenceStoreFailed };

    public static ToolException NotAnObject() => new("the arguments of a tool are an object, and this reference is none") { Name = "TypeError" };

    private static ToolException Range(string code, string message) => new(message) { Name = "RangeError", Code = code };
}
