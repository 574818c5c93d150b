namespace Enclave.Isolation;

/// <summary>The short form of a worker's isolation: the form of its jail, and each wanted layer that is missing.</summary>
internal static class IsolationTag
{
    public static string Of(IsolationPlan plan, IReadOnlyList<LayerReport> layers)
    {
        string form = plan.IsPortable ? "portable" : plan.Form switch
        {
            JailForm.Bubblewrap => "bubblewrap",
            JailForm.Landlock => "landlock",
            _ => "process",
        };
        IEnumerable<string> absent = layers.Where((layer) => layer.Status is LayerStatus.Unavailable or LayerStatus.Failed)
            .Select((layer) => $" -{layer.Layer}");
        return form + string.Concat(absent);
    }
}
