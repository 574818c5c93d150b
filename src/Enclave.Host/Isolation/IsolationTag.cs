namespace Enclave.Isolation;

/// <summary>A worker's isolation in a word or two: the form, and after it each layer that its level wants and that is not there.</summary>
internal static class IsolationTag
{
    public static string Of(IsolationPlan plan, IReadOnlyList<LayerReport> layers)
    {
        string form = plan.Form switch
        {
            JailForm.Bubblewrap => "bubblewrap",
            JailForm.Landlock => "landlock",
            _ => "process",
        };
        IEnumerable<string> absent = layers.Where((layer) => layer.Status is LayerStatus.Unavailable or LayerStatus.Failed).Select((layer) => $" -{layer.Layer}");
        return form + string.Concat(absent);
    }
}
